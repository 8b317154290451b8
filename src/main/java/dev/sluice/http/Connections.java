package dev.sluice.http;

import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Level;
import dev.sluice.metrics.Metrics;
import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of one intake instance. Bounded over the whole node; one that has no request in progress and sends
 * no whole request head within the idle timeout is closed, whether it is silent or sends a byte now and then. Owned by
 * one event loop.
 */
final class Connections {

    /** Longer than a client under load takes from an answer to its next request. */
    static final long SILENT_MS = 500;

    /** One client's connection. */
    private static final class Peer {
        private final HttpConnection connection;
        private final Traffic traffic;
        private int requests;
        private long begun;
        private long quietSinceNanos;
        private boolean ending;

        Peer(HttpConnection connection, long nowNanos) {
            this.connection = connection;
            this.traffic = Traffic.of(connection);
            this.quietSinceNanos = nowNanos;
        }

        /** Silent in the middle of a head counts too: a client that keeps on sending keeps its connection. */
        boolean isSilentSince(long nanos, long nowNanos) {
            if (traffic.heard()) {
                quietSinceNanos = nowNanos;
            }
            return isQuietSince(nanos) && !traffic.hasMoreThan(begun);
        }

        void close() {
            connection.close().onFailure(gone -> {});
        }

        boolean isQuietSince(long nanos) {
            return requests == 0 && quietSinceNanos - nanos < 0;
        }
    }

    private final Map<HttpConnection, Peer> peers = new HashMap<>();
    private final AtomicInteger openOnNode;
    private final int openMax;
    private final Level open;
    private final Metrics metrics;
    private volatile int count;
    private boolean draining;
    private long drainingSinceNanos;

    Connections(AtomicInteger openOnNode, int openMax, String instance, Metrics metrics) {
        this.openOnNode = openOnNode;
        this.openMax = openMax;
        this.open = metrics.httpConnections().of(instance);
        this.metrics = metrics;
    }

    void opened(HttpConnection connection) {
        if (openOnNode.incrementAndGet() > openMax) {
            openOnNode.decrementAndGet();
            metrics.refused().of(Bound.HTTP_CONNECTIONS).increment();
            connection.close().onFailure(gone -> {});
            return;
        }
        open.add(1);
        count = peers.size() + 1;
        Peer peer = new Peer(connection, System.nanoTime());
        if (draining) {
            peer.traffic.drain();
        }
        peers.put(connection, peer);
        connection.closeHandler(gone -> closed(connection));
    }

    private void closed(HttpConnection connection) {
        if (peers.remove(connection) != null) {
            openOnNode.decrementAndGet();
            open.subtract(1);
            count = peers.size();
        }
    }

    /** Connections open; readable on any thread. */
    int count() {
        return count;
    }

    /** From now on each connection ends with its next answer, or when it is silent for a while. */
    void drain(long nowNanos) {
        if (!draining) {
            draining = true;
            drainingSinceNanos = nowNanos;
            peers.values().forEach(peer -> peer.traffic.drain());
        }
    }

    /** Whether the next answer is to be the connection's last: no pipelined request waits behind the one in progress. */
    boolean isDraining(HttpConnection connection) {
        Peer peer = peers.get(connection);
        return draining && peer != null && !peer.traffic.hasMoreThan(peer.begun);
    }

    /** The connection ends with the answer that is about to be sent. */
    void endsWithAnswer(HttpConnection connection) {
        Peer peer = peers.get(connection);
        if (peer != null) {
            peer.ending = true;
        }
    }

    /** False where the connection was refused or has had its last answer, and the request must not be served. */
    boolean requestBegan(HttpConnection connection) {
        Peer peer = peers.get(connection);
        if (peer == null || peer.ending) {
            return false;
        }
        peer.begun++;
        peer.requests++;
        return true;
    }

    void requestEnded(HttpConnection connection, long nowNanos) {
        Peer peer = peers.get(connection);
        if (peer != null) {
            peer.requests--;
            peer.quietSinceNanos = nowNanos;
            if (peer.ending) {
                peer.close();
            }
        }
    }

    /** Closes those that have been without a request since before that instant. */
    void closeQuiet(long quietSinceNanos) {
        List<HttpConnection> quiet = new ArrayList<>();
        peers.values().forEach(peer -> {
            if (peer.isQuietSince(quietSinceNanos)) {
                quiet.add(peer.connection);
            }
        });
        quiet.forEach(connection -> connection.close().onFailure(gone -> {}));
    }

    /** While draining, closes those that have been silent for {@value #SILENT_MS} ms of it. */
    void closeSilent(long nowNanos) {
        if (!draining) {
            return;
        }
        long sinceNanos = nowNanos - TimeUnit.MILLISECONDS.toNanos(SILENT_MS);
        List<Peer> silent = peers.values().stream()
                .filter(peer -> peer.isSilentSince(sinceNanos, nowNanos))
                .toList();
        if (drainingSinceNanos - sinceNanos < 0) {
            silent.forEach(Peer::close);
        }
    }
}
