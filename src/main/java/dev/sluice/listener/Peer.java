package dev.sluice.listener;

import dev.sluice.listener.Connections.Hold;
import dev.sluice.listener.http1.RequestDecoder;
import dev.sluice.listener.http2.Http2Streams;
import dev.sluice.listener.http2.Http2Traffic;
import dev.sluice.listener.request.ClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/** One client's connection, as {@link Connections} sees it. On its event loop. */
final class Peer {
    final HttpConnection connection;
    final RequestDecoder traffic;

    /** What it sends and is owed where it speaks HTTP/2; the decoder and the request in progress are HTTP/1.1's. */
    private @Nullable Http2Traffic http2;

    private @Nullable ClientRequest request;

    private Runnable requestGone = () -> {};

    long begun;
    final Outbound outbound;
    final String address;
    long quietSinceNanos;
    private final Runnable resetInAnswer;
    private long heardNanos;
    private long head = -1;
    private long headSinceNanos;
    boolean ending;
    private boolean draining;
    private boolean refusesFurther;
    private boolean inputEnded;
    boolean endsWithInput;

    @Nullable
    Hold hold;

    /**
     * One client's connection.
     *
     * @param streams HTTP/2; null where it is not spoken
     */
    Peer(
            ConnectionGuard guard,
            HttpConnection connection,
            @Nullable Http2Streams streams,
            Runnable resetInAnswer,
            long nowNanos) {
        this.connection = connection;
        this.traffic = guard.attach(connection, this::inputEnded, this::lost);
        this.resetInAnswer = resetInAnswer;
        this.address = connection.remoteAddress() == null
                ? ""
                : String.valueOf(connection.remoteAddress().hostAddress());
        this.outbound = new Outbound(((ConnectionBase) connection).channel(), nowNanos);
        this.quietSinceNanos = nowNanos;
        this.heardNanos = nowNanos;
        if (streams != null) {
            allowHttp2(streams);
        }
    }

    private void allowHttp2(Http2Streams streams) {
        if (ConnectionGuard.hasNegotiatedHttp2(connection)) {
            speakHttp2(streams);
        } else if (!connection.isSsl()) {
            traffic.onHttp2(() -> speakHttp2(streams));
        }
    }

    private void speakHttp2(Http2Streams streams) {
        Http2Traffic spoken = streams.on(connection);
        http2 = spoken;
        ConnectionGuard.speakHttp2(connection, spoken);
        if (draining) {
            spoken.announceEnd();
        }
    }

    boolean speaksHttp2() {
        return http2 != null;
    }

    void holdFor(@Nullable Hold next) {
        if (hold != null) {
            hold.release();
        }
        hold = next;
    }

    /** Keeps what a later question needs; true where bytes came since the last look. */
    boolean look(long nowNanos) {
        outbound.look(nowNanos);
        boolean heard = http2 == null ? traffic.heard() : http2.heard();
        heardNanos = heard ? nowNanos : heardNanos;
        return heard;
    }

    /** A request begins, and is in progress until it ends. */
    void began(ClientRequest beginning, Runnable gone) {
        if (http2 != null) {
            http2.began(beginning, gone);
            return;
        }
        begun++;
        request = beginning;
        requestGone = gone;
    }

    /** That request has its answer, or its client is gone. */
    void ended(ClientRequest over, long nowNanos) {
        if (request == over) {
            request = null;
            endsWithInput = false;
        }
        quietSinceNanos = nowNanos;
        if (http2 != null) {
            http2.ended(over);
        } else if (ending) {
            close();
        }
    }

    /** The connection has ended, and so has what is in progress. */
    void gone() {
        if (request != null) {
            requestGone.run();
        }
        if (http2 != null) {
            http2.gone();
        }
    }

    /** Whether a request of it is in progress; of HTTP/2 also where something of an answer is not taken. */
    boolean isBusy() {
        return http2 == null ? request != null : http2.owes();
    }

    /** Nothing of it is in progress, so that it may give way. */
    boolean owesNothing() {
        return !isBusy() && !hasMore();
    }

    /** Whether a request has come that has not begun. */
    boolean hasMore() {
        return http2 == null && traffic.hasMoreThan(begun);
    }

    private void lost() {
        if (!owesNothing() || outbound.isPending()) {
            resetInAnswer.run();
        }
    }

    void drain() {
        draining = true;
        if (http2 != null) {
            http2.announceEnd();
        }
        ConnectionGuard.drain(connection);
    }

    /** No stream more is served that begins now; of HTTP/1.1 each answer says so. */
    void refuseFurther() {
        if (http2 != null && !refusesFurther) {
            refusesFurther = true;
            http2.refuseFurther();
        }
    }

    /** It ends with the answers that it is owed now. */
    void end() {
        ending = true;
        refuseFurther();
    }

    /** Silent in the middle of a head counts too: a client that keeps on sending keeps its connection. */
    boolean isSilentSince(long nanos) {
        return isQuietSince(nanos) && heardNanos - nanos < 0 && !hasMore();
    }

    void close() {
        connection.close().onFailure(gone -> {});
    }

    boolean isQuietSince(long nanos) {
        return !isBusy() && quietSinceNanos - nanos < 0;
    }

    boolean isInHead() {
        return unfinishedHead() >= 0;
    }

    /** HTTP/2 counts any frame: it waits until it is whole. */
    private long unfinishedHead() {
        return http2 == null ? traffic.unfinishedHead() : http2.unfinished();
    }

    /** Whether a head has been coming in since before that instant; asked often, it keeps the time itself. */
    boolean hasHeadSince(long nanos, long nowNanos) {
        long coming = request == null ? unfinishedHead() : -1;
        if (coming != head) {
            head = coming;
            headSinceNanos = nowNanos;
        }
        return head >= 0 && headSinceNanos - nanos < 0;
    }

    /** What the head takes that was coming in at the last question, and that its client's next answer waits for. */
    int headBytes() {
        if (head < 0) {
            return 0;
        }
        return http2 == null ? traffic.headBytes() : http2.unfinishedBytes();
    }

    /** Which of two heads has been coming in for longer. */
    static int byHeadBegin(Peer one, Peer other) {
        return Long.signum(one.headSinceNanos - other.headSinceNanos);
    }

    void giveUpHead() {
        if (http2 == null) {
            ConnectionGuard.giveUpHead(connection, traffic);
        } else {
            http2.giveUpUnfinished();
        }
    }

    /** Bytes that its client has not taken. */
    long pendingBytes() {
        return outbound.pendingBytes() + (http2 == null ? 0 : http2.pendingBytes());
    }

    /** Whether it takes something of what was written to its socket, or nothing was, since that instant. */
    boolean takesSince(long nanos) {
        return outbound.pendingBytes() == 0 || outbound.stalledSinceNanos() - nanos >= 0;
    }

    /** Resets the streams whose clients have taken nothing since that instant; their number. */
    int resetStalled(long sinceNanos) {
        return http2 == null ? 0 : http2.resetStalled(sinceNanos);
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
        return (inputEnded || (http2 != null && ending)) && owesNothing();
    }
}
