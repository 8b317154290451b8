package dev.sluice.http;

import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Level;
import dev.sluice.metrics.Metrics;
import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of one intake instance. Bounded over the whole node; one that has no request in progress and sends
 * no whole request head within the idle timeout is closed, whether it is silent or sends a byte now and then. Owned by
 * one event loop.
 */
final class Connections {

    /** One client's connection. */
    private static final class Peer {
        private final HttpConnection connection;
        private int requests;
        private long quietSinceNanos;

        Peer(HttpConnection connection, long nowNanos) {
            this.connection = connection;
            this.quietSinceNanos = nowNanos;
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
        peers.put(connection, new Peer(connection, System.nanoTime()));
        connection.closeHandler(gone -> closed(connection));
    }

    private void closed(HttpConnection connection) {
        if (peers.remove(connection) != null) {
            openOnNode.decrementAndGet();
            open.subtract(1);
        }
    }

    /** False where the connection was refused, and its request must not be served. */
    boolean requestBegan(HttpConnection connection) {
        Peer peer = peers.get(connection);
        if (peer == null) {
            return false;
        }
        peer.requests++;
        return true;
    }

    void requestEnded(HttpConnection connection, long nowNanos) {
        Peer peer = peers.get(connection);
        if (peer != null) {
            peer.requests--;
            peer.quietSinceNanos = nowNanos;
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
}
