package dev.sluice.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Shares one event loop between the bulk bodies that come in on it and everything else: in a millisecond they give
 * together about {@value #TURN_BYTES} bytes, and a connection that comes later is not read from until its turn. What it
 * sends stays in the kernel. One per intake instance, on its event loop.
 */
final class BodyTurns {

    static final int TURN_BYTES = 48 * 1024;
    static final int TURN_CONNECTIONS = 3;
    private static final long TURN_MS = 1;

    /** Reads from a connection, or stops. */
    @FunctionalInterface
    interface Reads {
        void from(HttpConnection connection, boolean reads);
    }

    private final Vertx vertx;
    private final Reads reads;
    private final Set<HttpConnection> waiting = new LinkedHashSet<>();
    private int left = TURN_BYTES;
    private boolean turning;

    BodyTurns(Vertx vertx, Reads reads) {
        this.vertx = vertx;
        this.reads = reads;
    }

    /** The connection gave so many bytes of a body that is not whole; it may have to wait before it gives more. */
    void gave(HttpConnection connection, int bytes) {
        left -= bytes;
        if (left < 0 && waiting.add(connection)) {
            reads.from(connection, false);
        }
        if (!turning) {
            turning = true;
            vertx.setTimer(TURN_MS, id -> turn());
        }
    }

    private void turn() {
        turning = false;
        left = TURN_BYTES;
        Iterator<HttpConnection> next = waiting.iterator();
        for (int i = 0; i < TURN_CONNECTIONS && next.hasNext(); i++) {
            HttpConnection connection = next.next();
            next.remove();
            reads.from(connection, true);
        }
        if (!waiting.isEmpty() && !turning) {
            turning = true;
            vertx.setTimer(TURN_MS, id -> turn());
        }
    }

    /** The body is whole, or given up. */
    void over(HttpConnection connection) {
        if (waiting.remove(connection)) {
            reads.from(connection, true);
        }
    }
}
