package dev.sluice.listener;

import dev.sluice.listener.http2.Http2Streams;
import dev.sluice.listener.request.ClientRequest;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one listening verticle, bounded. One that has no request in progress and begins none within the
 * idle timeout is closed; a request head that has begun and does not end within its own limit, whether its client is
 * silent or sends a byte now and then, is answered 408. Owned by one event loop.
 */
public final class Connections {

    /** Something that a connection takes for as long as it is open. */
    public interface Hold {
        void release();
    }

    /**
     * What the kernel is to hold of answers for one connection. It tells that the client takes something when a third is
     * free again: the larger it is, the longer a slow client looks like one that has stopped.
     */
    public static final int SEND_BUFFER_BYTES = 64 * 1024;

    /** Longer than a client under load takes from an answer to its next request. */
    static final long SILENT_MS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /** Request heads that have begun and not ended, on one event loop. */
    public static final int HEADS_BYTES_MAX = 8 << 20;

    private final PeersInUse peers = new PeersInUse();
    private final ConnectionGuard guard;
    private final ConnectionBound bound;
    private final LongConsumer changed;
    private final CutLog cuts;
    private @Nullable Http2Streams streams;
    private volatile int count;
    private boolean draining;
    private long drainingSinceNanos;

    /**
     * Connections of a server with those options.
     *
     * @param name of the listener, for the log
     * @param bound shared with other verticles or not
     * @param changed told 1 for each connection that opens, -1 for each that ends
     * @param cut told of each connection that is refused or cut
     */
    public Connections(
            HttpServerOptions options, String name, ConnectionBound bound, LongConsumer changed, Consumer<Cut> cut) {
        this.guard = new ConnectionGuard(options);
        this.bound = bound;
        this.changed = changed;
        this.cuts = new CutLog(LOG, name, cut);
    }

    /** From now on new connections may speak HTTP/2, and the requests of their streams go to that handler. */
    public void speakHttp2(int headerBytesMax, Handler<ClientRequest> requests) {
        streams = new Http2Streams(
                headerBytesMax,
                HttpDate::now,
                requests::handle,
                () -> happened(Cut.STREAM_REFUSED),
                this::resetInAnswer,
                () -> happened(Cut.HTTP2_BROKEN));
    }

    private void happened(Cut cut) {
        cuts.happened(cut, System.nanoTime());
    }

    /** The connection handler of the server. */
    public void opened(HttpConnection connection) {
        long now = System.nanoTime();
        if (!bound.take() && !(makeRoom(now) && bound.take())) {
            refuse(connection, Cut.NO_CONNECTION_FREE, now);
            return;
        }
        Peer peer = new Peer(guard, connection, streams, this::resetInAnswer, now);
        if (!bound.takeFor(peer.address)) {
            bound.giveBackUnnamed();
            refuse(connection, Cut.TOO_MANY_FROM_ADDRESS, now);
            return;
        }
        changed.accept(1);
        count = peers.size() + 1;
        if (draining) {
            peer.drain();
        }
        peers.put(connection, peer);
        connection.closeHandler(gone -> closed(connection));
    }

    private void refuse(HttpConnection connection, Cut cut, long nowNanos) {
        cuts.happened(cut, nowNanos);
        connection.close().onFailure(gone -> {});
    }

    private void resetInAnswer() {
        happened(Cut.RESET_IN_ANSWER);
    }

    /** Ends the connection that has owed no answer and sent no byte for longest; false where each one owes an answer. */
    private boolean makeRoom(long nowNanos) {
        Peer idle = peers.longestIdle();
        if (idle == null) {
            return false;
        }
        cuts.happened(Cut.IDLE_GAVE_WAY, nowNanos);
        idle.refuseFurther();
        closed(idle.connection);
        ConnectionGuard.endAtOnce(idle.connection);
        return true;
    }

    private void closed(HttpConnection connection) {
        Peer peer = peers.remove(connection);
        if (peer != null) {
            peer.holdFor(null);
            bound.giveBack(peer.address);
            changed.accept(-1);
            count = peers.size();
            peer.gone();
        }
    }

    /** Sees who has sent and who has taken something; to be called often, before the questions that follow. */
    public void look(long nowNanos) {
        List<HttpConnection> heard = new ArrayList<>();
        for (Peer peer : peers.values()) {
            if (peer.look(nowNanos) && !peer.isBusy() && peer.isInHead()) {
                heard.add(peer.connection);
            }
        }
        heard.forEach(peers::get); // moves it behind those that are idle
        cuts.look(nowNanos);
    }

    /**
     * Cuts those that have taken nothing of what waits for them since before that instant, of HTTP/2 the stream alone,
     * and while more than that many bytes wait for all together, the one that has taken nothing for longest.
     */
    public void cutSlowReaders(long stalledSinceNanos, long pendingBytesMax, long nowNanos) {
        int stalled = OverduePeers.resetStalledStreams(peers.values(), stalledSinceNanos);
        for (int i = 0; i < stalled; i++) {
            cuts.happened(Cut.ANSWER_UNREAD, nowNanos);
        }
        Map<Peer, Cut> slow = OverduePeers.slowReaders(peers.values(), stalledSinceNanos, pendingBytesMax);
        slow.forEach((peer, cut) -> {
            cuts.happened(cut, nowNanos);
            ConnectionGuard.cut(peer.connection);
        });
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
            List.copyOf(peers.values()).forEach(Peer::drain); // what is written ends requests, which moves their peers
        }
    }

    /** Whether the next answer is to be the connection's last: no pipelined request waits behind the one in progress. */
    public boolean isDraining(HttpConnection connection) {
        Peer peer = draining ? peers.get(connection) : null;
        return peer != null && !peer.hasMore();
    }

    /** Whether more is read of what a client sends; the rest stays in the kernel. */
    public static void read(HttpConnection connection, boolean reads) {
        if (connection instanceof ConnectionBase base) {
            base.channel().config().setAutoRead(reads);
        }
    }

    /** Whether what was written to it is on its way, but for a bounded rest. */
    public boolean takesAnswers(HttpConnection connection) {
        return !(connection instanceof ConnectionBase base) || base.channel().isWritable();
    }

    /** What the connection counts for, or null; null also where it has ended. */
    public @Nullable Hold hold(HttpConnection connection) {
        Peer peer = peers.get(connection);
        return peer == null ? null : peer.hold;
    }

    /** From now on it counts for that, until it ends; what it counted for before is released. */
    public void holdFor(HttpConnection connection, Hold hold) {
        Peer peer = peers.get(connection);
        if (peer == null) {
            hold.release();
        } else {
            peer.holdFor(hold);
        }
    }

    /** The connection ends with the answer that is about to be sent; of HTTP/2 with those of the streams that it has. */
    public void endsWithAnswer(HttpConnection connection) {
        Peer peer = peers.get(connection);
        if (peer != null) {
            peer.end();
        }
    }

    /**
     * False where the connection was refused or has had its last answer, and the request must not be served.
     *
     * @param gone runs where the connection ends before the request does
     */
    public boolean requestBegan(ClientRequest request, Runnable gone) {
        Peer peer = peers.get(request.connection());
        if (peer == null || (peer.ending && !peer.speaksHttp2())) {
            return false;
        }
        peer.began(request, gone);
        return true;
    }

    /** The request was answered, or its client is gone. */
    public void requestEnded(ClientRequest request, long nowNanos) {
        Peer peer = peers.get(request.connection());
        if (peer != null) {
            peer.ended(request, nowNanos);
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
        List<Peer> over = peers.values().stream()
                .filter(peer -> peer.hasSaidAll() || (peer.isQuietSince(quietSinceNanos) && !peer.isInHead()))
                .toList();
        over.forEach(Peer::close);
    }

    /**
     * Answers 408 where a request head has been coming in since before that instant, and while those that are coming in
     * take more than {@value #HEADS_BYTES_MAX} bytes together, to the oldest; to be called often. The number of them.
     */
    public int endLateHeads(long headSinceNanos, long nowNanos) {
        List<Peer> late = OverduePeers.withLateHeads(peers.values(), headSinceNanos, HEADS_BYTES_MAX, nowNanos);
        late.forEach(Peer::giveUpHead);
        return late.size();
    }

    /** While draining, closes those that have been silent for {@value #SILENT_MS} ms of it. */
    public void closeSilent(long nowNanos) {
        if (!draining) {
            return;
        }
        long sinceNanos = nowNanos - TimeUnit.MILLISECONDS.toNanos(SILENT_MS);
        if (drainingSinceNanos - sinceNanos >= 0) {
            return;
        }
        List<Peer> silent = peers.values().stream()
                .filter(peer -> peer.isSilentSince(sinceNanos))
                .toList();
        List.copyOf(peers.values()).forEach(Peer::refuseFurther);
        silent.forEach(Peer::close);
    }
}
