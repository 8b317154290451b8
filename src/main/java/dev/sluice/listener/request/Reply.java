package dev.sluice.listener.request;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * The answer on its way to the client: the status, then headers, then the body. Called in this order,
 * on the connection's event loop. Results stand when the connection has taken what was given, or fail with it.
 */
public interface Reply {

    /** The status; once, before everything else. */
    void begin(int status);

    /** A header; before the body. */
    void header(CharSequence name, CharSequence value);

    /** Pieces follow, and their length is not known; before the first. */
    void withUnknownLength();

    /** The whole body, and its length with it. */
    Future<Void> end(Buffer body);

    /** A piece of a body whose length, or coding, is among the headers. */
    Future<Void> write(Buffer piece);

    /** No body, or nothing behind the last piece. */
    Future<Void> end();

    /** Whether its connection has ended. */
    boolean isGone();

    /** Bytes of the body so far. */
    long bytesWritten();
}
