package dev.sluice.listener;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one listening verticle, bounded. One that has no request in progress and begins none within the
 * idle timeout is closed; a request head that has begun and does not end within its own limit, whether its client is
 * silent or sends a byte now and then, is answered 408. Owned by one event loop.
 */
public final class Connections {

    /** Longer than a client under load takes from an answer to its next request. */
    static final long SILENT_MS = 500;

    /** One client's connection. */
    private final class Peer {
        private final HttpConnection connection;
        private final RequestDecoder traffic;
        private @Nullable HttpServerRequest request;
        private long begun;
        private long quietSinceNanos;
        private long head = -1;
        private long headSinceNanos;
        private boolean ending;
        private boolean inputEnded;
        private boolean endsWithInput;

        Peer(HttpConnection connection, long nowNanos) {
            this.connection = connection;
            this.traffic = guard.attach(connection, this::inputEnded);
            this.quietSinceNanos = nowNanos;
        }

        void drain() {
            ConnectionGuard.drain(connection);
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
            return request == null && quietSinceNanos - nanos < 0;
        }

        boolean isInHead() {
            return traffic.unfinishedHead() >= 0;
        }

        /** Whether a head has been coming in since before that instant; asked often, it keeps the time itself. */
        boolean hasHeadSince(long nanos, long nowNanos) {
            long coming = request == null ? traffic.unfinishedHead() : -1;
            if (coming != head) {
                head = coming;
                headSinceNanos = nowNanos;
            }
            return head >= 0 && headSinceNanos - nanos < 0;
        }

        void giveUpHead() {
            ConnectionGuard.giveUpHead(connection, traffic);
        }

        /** The client has ended its side: nothing more comes, but an answer may still be waited for. */
        void inputEnded() {
            inputEnded = true;
            boolean gone = request != null && (endsWithInput || !request.isEnded());
            if (gone || hasSaidAll()) {
                close();
            }
        }

        /** Nothing is in progress, nothing waits behind it, and nothing more can come. */
        boolean hasSaidAll() {
            return inputEnded && request == null && !traffic.hasMoreThan(begun);
        }
    }

    private final Map<HttpConnection, Peer> peers = new HashMap<>();
    private final ConnectionGuard guard;
    private final int openMax;
    private final AtomicInteger openOnNode;
    private final LongConsumer changed;
    private final Runnable refused;
    private volatile int count;
    private boolean draining;
    private long drainingSinceNanos;

    /**
     * Connections of a server with those options.
     *
     * @param openMax over all that share the count
     * @param openOnNode the count, shared with other verticles or not
     * @param changed told 1 for each connection that opens, -1 for each that ends
     * @param refused told of each connection beyond the bound
     */
    public Connections(
            HttpServerOptions options, int openMax, AtomicInteger openOnNode, LongConsumer changed, Runnable refused) {
        this.guard = new ConnectionGuard(options);
        this.openMax = openMax;
        this.openOnNode = openOnNode;
        this.changed = changed;
        this.refused = refused;
    }

    /** The connection handler of the server. */
    public void opened(HttpConnection connection) {
        if (openOnNode.incrementAndGet() > openMax) {
            openOnNode.decrementAndGet();
            refused.run();
            connection.close().onFailure(gone -> {});
            return;
        }
        changed.accept(1);
        count = peers.size() + 1;
        Peer peer = new Peer(connection, System.nanoTime());
        if (draining) {
            peer.drain();
        }
        peers.put(connection, peer);
        connection.closeHandler(gone -> closed(connection));
    }

    private void closed(HttpConnection connection) {
        if (peers.remove(connection) != null) {
            openOnNode.decrementAndGet();
            changed.accept(-1);
            count = peers.size();
        }
    }

    /** Connections open; readable on any thread. */
    public int count() {
        return count;
    }

    /** From now on each connection ends with its next answer, or when it is silent for a while. */
    public void drain(long nowNanos) {
        if (!draining) {
            draining = true;
            drainingSinceNanos = nowNanos;
            peers.values().forEach(Peer::drain);
        }
    }

    /** Whether the next answer is to be the connection's last: no pipelined request waits behind the one in progress. */
    public boolean isDraining(HttpConnection connection) {
        Peer peer = draining ? peers.get(connection) : null;
        return peer != null && !peer.traffic.hasMoreThan(peer.begun);
    }

    /** The connection ends with the answer that is about to be sent. */
    public void endsWithAnswer(HttpConnection connection) {
        Peer peer = peers.get(connection);
        if (peer != null) {
            peer.ending = true;
        }
    }

    /** False where the connection was refused or has had its last answer, and the request must not be served. */
    public boolean requestBegan(HttpServerRequest request) {
        Peer peer = peers.get(request.connection());
        if (peer == null || peer.ending) {
            return false;
        }
        peer.begun++;
        peer.request = request;
        return true;
    }

    /** The request was answered, or its client is gone. */
    public void requestEnded(HttpServerRequest request, long nowNanos) {
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

    /** A client that ends its side counts as gone, for the request in progress. */
    public void endsWithInput(HttpConnection connection) {
        Peer peer = peers.get(connection);
        if (peer != null) {
            peer.endsWithInput = true;
        }
    }

    /** Closes those that have been without a request since before that instant, or can send no other. */
    public void closeQuiet(long quietSinceNanos) {
        List<Peer> over = new ArrayList<>();
        peers.values().forEach(peer -> {
            if (peer.hasSaidAll() || (peer.isQuietSince(quietSinceNanos) && !peer.isInHead())) {
                over.add(peer);
            }
        });
        over.forEach(Peer::close);
    }

    /** Answers 408 where a request head has been coming in since before that instant; to be called often. The number of them. */
    public int endLateHeads(long headSinceNanos, long nowNanos) {
        List<Peer> late = peers.values().stream()
                .filter(peer -> peer.hasHeadSince(headSinceNanos, nowNanos))
                .toList();
        late.forEach(Peer::giveUpHead);
        return late.size();
    }

    /** While draining, closes those that have been silent for {@value #SILENT_MS} ms of it. */
    public void closeSilent(long nowNanos) {
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
