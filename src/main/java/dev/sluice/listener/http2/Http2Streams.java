package dev.sluice.listener.http2;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import java.util.function.Supplier;

/**
 * HTTP/2 as one listener speaks it: its limits, and what it is told of its connections. Owned by one event loop.
 *
 * @param headerBytesMax of a request's head by the count of RFC 9113: 32 bytes a field beside its name and its value;
 *     beyond it 431
 * @param date of answers
 * @param requests gets each request, on its connection's loop
 * @param streamRefused runs for each stream that is one too many
 * @param resetInAnswer runs for each stream that its client reset before it had its answer
 * @param broken runs for each connection whose client broke the protocol or one of its limits
 */
public record Http2Streams(
        int headerBytesMax,
        Supplier<CharSequence> date,
        Handler<StreamRequest> requests,
        Runnable streamRefused,
        Runnable resetInAnswer,
        Runnable broken) {

    /** What TLS calls the protocol when it is negotiated. */
    public static final String ALPN_NAME = "h2";

    /** Streams of one connection at once: RFC 9113 asks for no fewer, and browsers and proxies reckon with as many. */
    public static final int STREAMS_MAX = 100;

    /** A client that gives up each request of a page of STREAMS_MAX twice is far from an attack; in WINDOW_SECONDS. */
    static final int RESETS_MAX = 200;

    static final int WINDOW_SECONDS = 30;

    /** Answers to PING and SETTINGS that wait because their client does not read. */
    static final int ANSWERS_QUEUED_MAX = 1_000;

    /** Beginning with that connection, which has sent nothing yet, or the beginning of HTTP/2's preface. */
    public Http2Traffic on(HttpConnection connection) {
        return new Http2Traffic(this, connection);
    }
}
