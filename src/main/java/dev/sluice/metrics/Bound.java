package dev.sluice.metrics;

/** A bound that was met and refused something: label {@code bound} of {@code sluice_refused_total}. */
public enum Bound {
    /** Connections of the order API; the one that is idle longest is closed, or the new one. */
    HTTP_CONNECTIONS,
    /** Time of a request's head: 408. */
    HTTP_HEAD,
    /** Connections from one address; the new one is closed. */
    HTTP_CONNECTIONS_PER_ADDRESS,
    /** TLS handshakes under way at one listener; the oldest gives way. */
    TLS_HANDSHAKES,
    /** Connections of the admin API, as above. */
    ADMIN_CONNECTIONS,
    /** Connections of the bridge, as above. */
    BRIDGE_CONNECTIONS,
    /** Streams of one HTTP/2 connection; the new one is refused. */
    HTTP2_STREAMS,
    /** What one client may do with the frames of HTTP/2: its connection is ended. */
    HTTP2_FRAMES,
    /** No bound: a client reset its connection, or its stream, before it had its answer. */
    CLIENT_RESET,
    /** Time in which a client takes something of its answer; its connection is cut, or its stream. */
    ANSWER_UNREAD,
    /** Bytes of answers that were written and not read; the slowest reader's connection is cut. */
    UNREAD_BYTES,
    /** Bytes of one request body: 413. */
    BODY_BYTES,
    /** Bytes that clients may take of this node's memory; an order is refused. */
    MEMORY,
    /** Orders of one bulk request: 413. */
    BULK_ORDERS,
    /** Bytes that bulk requests may take of that; the request is refused. */
    MEMORY_BULK,
    /** Orders that one dispatcher waits for. */
    BUS_OUTSTANDING,
    /** Orders in one writer's buffer. */
    WRITER_BUFFER,
    /** Bytes in one writer's buffer. */
    WRITER_BUFFER_BYTES,
    /** Time of a batch at the store, waiting and bisection included. */
    STORE_DEADLINE,
    /** Orders or bytes that one writer holds for the overflow. */
    WRITER_OVERFLOW,
    /** Time of an order on its way into the overflow. */
    OVERFLOW_DEADLINE,
    /** Time of a message on the event bus. */
    BUS_DEADLINE,
    /** Time of a request. */
    HTTP_DEADLINE
}
