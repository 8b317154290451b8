package dev.sluice.http;

import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Level;
import dev.sluice.metrics.Metrics;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one intake instance. Bounded over the whole node; one that has no request in progress and sends
 * no whole request head within the idle timeout is closed, whether it is silent or sends a byte now and then. Owned by
 * one event loop.
 */
final class Connections {

    /** One client's connection. */
    private static final class Peer {
        private final HttpConnection connection;
        private @Nullable HttpServerRequest request;
        private long quietSinceNanos;
        private boolean ending;
        private boolean inputEnded;
        private boolean endsWithInput;

        Peer(HttpConnection connection, long nowNanos) {
            this.connection = connection;
            this.quietSinceNanos = nowNanos;
        }

        boolean isOver(long quietSinceNanos) {
            return request == null && (inputEnded || this.quietSinceNanos - quietSinceNanos < 0);
        }

        /** The client has ended its side: nothing more comes, but an answer may still be waited for. */
        void inputEnded() {
            inputEnded = true;
            if (request == null || endsWithInput || !request.isEnded()) {
                close();
            }
        }

        void close() {
            connection.close().onFailure(gone -> {});
        }
    }

    private final Map<HttpConnection, Peer> peers = new HashMap<>();
    private final ConnectionGuard guard;
    private final AtomicInteger openOnNode;
    private final int openMax;
    private final Level open;
    private final Metrics metrics;

    Connections(ConnectionGuard guard, AtomicInteger openOnNode, int openMax, String instance, Metrics metrics) {
        this.guard = guard;
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
        Peer peer = new Peer(connection, System.nanoTime());
        peers.put(connection, peer);
        guard.attach(connection, peer::inputEnded);
        connection.closeHandler(gone -> closed(connection));
    }

    private void closed(HttpConnection connection) {
        if (peers.remove(connection) != null) {
            openOnNode.decrementAndGet();
            open.subtract(1);
        }
    }

    /** False where the connection was refused or has had its last answer, and the request must not be served. */
    boolean requestBegan(HttpServerRequest request) {
        Peer peer = peers.get(request.connection());
        if (peer == null || peer.ending) {
            return false;
        }
        peer.request = request;
        return true;
    }

    /** The request in progress is not worth finishing for a client that has ended its side. */
    void endsWithInput(HttpConnection connection) {
        Peer peer = peers.get(connection);
        if (peer != null) {
            peer.endsWithInput = true;
        }
    }

    /** The connection ends with the answer that is about to be sent. */
    void endsWithAnswer(HttpConnection connection) {
        Peer peer = peers.get(connection);
        if (peer != null) {
            peer.ending = true;
        }
    }

    void requestEnded(HttpServerRequest request, long nowNanos) {
        Peer peer = peers.get(request.connection());
        if (peer == null) {
            return;
        }
        if (peer.request == request) {
            peer.request = null;
            peer.endsWithInput = false;
        }
        peer.quietSinceNanos = nowNanos;
        if (peer.ending) {
            peer.close();
        }
    }

    /** Closes those that have been without a request since before that instant, or can send no other. */
    void closeQuiet(long quietSinceNanos) {
        List<Peer> over = new ArrayList<>();
        peers.values().forEach(peer -> {
            if (peer.isOver(quietSinceNanos)) {
                over.add(peer);
            }
        });
        over.forEach(Peer::close);
    }
}
