package dev.sluice.admin;

import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of the admin listener, bounded. One that has no request in progress and brings no whole request head
 * within the idle limit is closed, whether it is silent or sends a byte now and then. On one event loop.
 */
final class AdminConnections {

    private static final Logger LOG = LoggerFactory.getLogger(AdminConnections.class);

    private static final class Peer {
        private int requests;
        private long quietSinceNanos;
    }

    private final Map<HttpConnection, Peer> peers = new HashMap<>();
    private final int openMax;

    AdminConnections(int openMax) {
        this.openMax = openMax;
    }

    void opened(HttpConnection connection, long nowNanos) {
        if (peers.size() >= openMax) {
            LOG.debug("admin connection beyond {} closed", openMax);
            close(connection);
            return;
        }
        Peer peer = new Peer();
        peer.quietSinceNanos = nowNanos;
        peers.put(connection, peer);
        connection.closeHandler(closed -> peers.remove(connection));
    }

    void requestBegan(HttpConnection connection) {
        Peer peer = peers.get(connection);
        if (peer != null) {
            peer.requests++;
        }
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
        List<HttpConnection> quiet = peers.entrySet().stream()
                .filter(entry ->
                        entry.getValue().requests == 0 && entry.getValue().quietSinceNanos - quietSinceNanos < 0)
                .map(Map.Entry::getKey)
                .toList();
        quiet.forEach(AdminConnections::close);
    }

    private static void close(HttpConnection connection) {
        connection.close().onFailure(e -> LOG.debug("could not close", e));
    }
}
