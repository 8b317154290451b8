package dev.sluice.listener;

import dev.sluice.listener.Connections.Hold;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/** One client's connection, as {@link Connections} sees it. On its event loop. */
final class Peer {
    final HttpConnection connection;
    final RequestDecoder traffic;

    @Nullable
    HttpServerRequest request;

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
    private boolean inputEnded;
    boolean endsWithInput;

    @Nullable
    Hold hold;

    Peer(ConnectionGuard guard, HttpConnection connection, Runnable resetInAnswer, long nowNanos) {
        this.connection = connection;
        this.traffic = guard.attach(connection, this::inputEnded, this::lost);
        this.resetInAnswer = resetInAnswer;
        this.address = connection.remoteAddress() == null
                ? ""
                : String.valueOf(connection.remoteAddress().hostAddress());
        this.outbound = new Outbound(((ConnectionBase) connection).channel(), nowNanos);
        this.quietSinceNanos = nowNanos;
        this.heardNanos = nowNanos;
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
        boolean heard = traffic.heard();
        heardNanos = heard ? nowNanos : heardNanos;
        return heard;
    }

    /** A request begins, and is the one in progress until it ends. */
    void began(HttpServerRequest beginning, Runnable gone) {
        begun++;
        request = beginning;
        requestGone = gone;
    }

    /** That request has its answer, or its client is gone. */
    void ended(HttpServerRequest over, long nowNanos) {
        if (request == over) {
            request = null;
            endsWithInput = false;
        }
        quietSinceNanos = nowNanos;
        if (ending) {
            close();
        }
    }

    /** The connection has ended, and so has the request in progress. */
    void gone() {
        if (request != null) {
            requestGone.run();
        }
    }

    /** Nothing of it is in progress, so that it may give way. */
    boolean owesNothing() {
        return request == null && !hasMore();
    }

    /** Whether a request has come that has not begun. */
    boolean hasMore() {
        return traffic.hasMoreThan(begun);
    }

    private void lost() {
        if (!owesNothing() || outbound.isPending()) {
            resetInAnswer.run();
        }
    }

    void drain() {
        ConnectionGuard.drain(connection);
    }

    /** Silent in the middle of a head counts too: a client that keeps on sending keeps its connection. */
    boolean isSilentSince(long nanos) {
        return isQuietSince(nanos) && heardNanos - nanos < 0 && !hasMore();
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

    /** What the head takes that was coming in at the last question, and that its client's next answer waits for. */
    int headBytes() {
        return head < 0 ? 0 : traffic.headBytes();
    }

    /** Which of two heads has been coming in for longer. */
    static int byHeadBegin(Peer one, Peer other) {
        return Long.signum(one.headSinceNanos - other.headSinceNanos);
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
        return inputEnded && owesNothing();
    }
}
