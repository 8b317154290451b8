package dev.sluice;

import dev.sluice.http.NodeGate;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the intake of a draining node is quiet: no request open and, for a while, none new. A client that is
 * sending keeps its connection until it has its answer; one that is idle is let go at the end.
 */
final class DrainWait {

    /** Longer than a client under load takes from an answer to its next request. */
    private static final long QUIET_MS = 500;

    private final Vertx vertx;
    private final NodeGate gate;
    private final long pollMs;
    private long quietSinceNanos = System.nanoTime();
    private int connections;

    DrainWait(Vertx vertx, NodeGate gate, long pollMs) {
        this.vertx = vertx;
        this.gate = gate;
        this.pollMs = pollMs;
    }

    Future<Void> untilQuiet(long deadlineNanos) {
        Promise<Void> promise = Promise.promise();
        connections = gate.openConnections();
        poll(deadlineNanos, promise);
        return promise.future();
    }

    /** One timer after the other: to cancel a periodic one that another thread has just set can fail. */
    private void poll(long deadlineNanos, Promise<Void> promise) {
        vertx.setTimer(pollMs, id -> {
            if (isOver(System.nanoTime(), deadlineNanos)) {
                promise.complete();
            } else {
                poll(deadlineNanos, promise);
            }
        });
    }

    private boolean isOver(long nowNanos, long deadlineNanos) {
        if (gate.openRequests() > 0 || gate.openConnections() != connections) {
            connections = gate.openConnections();
            quietSinceNanos = nowNanos;
        }
        boolean quiet = nowNanos - quietSinceNanos > TimeUnit.MILLISECONDS.toNanos(QUIET_MS);
        boolean gone = gate.openConnections() == 0 && gate.openRequests() == 0;
        return quiet || gone || nowNanos - deadlineNanos > 0;
    }
}
