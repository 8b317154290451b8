package dev.sluice.http;

/**
 * How intake instances listen and what a client may take of them.
 *
 * @param host interface
 * @param port 0 for any free one
 * @param bodyBytesMax of one order
 * @param deadlineMs from a request's head to its answer
 * @param headerBytesMax all headers of a request
 * @param initialLineBytesMax the request line
 * @param idleTimeoutMs without a whole request, after which a connection is closed
 * @param connectionsMax open on this node
 * @param bodyBufferBytesMax of all bodies that one instance is receiving
 * @param serverTiming on every answer
 * @param accessLog one log line per request
 * @param bulk of a bulk request
 */
public record IntakeOptions(
        String host,
        int port,
        int bodyBytesMax,
        long deadlineMs,
        int headerBytesMax,
        int initialLineBytesMax,
        long idleTimeoutMs,
        int connectionsMax,
        long bodyBufferBytesMax,
        boolean serverTiming,
        boolean accessLog,
        BulkOptions bulk) {}
