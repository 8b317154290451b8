package dev.sluice.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request and its one answer. Whoever answers first wins: the handler, the HTTP deadline or the end of the
 * connection; what comes later is dropped. Owned by one event loop.
 */
final class Exchange {

    /** Where exchanges report that they are over. */
    interface Owner {
        /** Answered with that status, or 0 where the client went away first. */
        void ended(Exchange exchange, int status);

        /** Whether the node is stopping, so that a connection ends with its answer. */
        boolean isDraining();

        /** The connection ends with the answer that is about to be sent. */
        void lastAnswer(Exchange exchange);
    }

    private final Owner owner;
    private final HttpServerRequest request;
    private final long beganNanos;
    private @Nullable UUID sentId;
    private @Nullable Runnable atEnd;
    private ServerTiming timing = ServerTiming.NONE;
    private boolean ended;

    @Nullable
    Exchange older;

    @Nullable
    Exchange newer;

    Exchange(Owner owner, HttpServerRequest request, long beganNanos) {
        this.owner = owner;
        this.request = request;
        this.beganNanos = beganNanos;
        request.response().closeHandler(gone -> abandon());
    }

    HttpServerRequest request() {
        return request;
    }

    long beganNanos() {
        return beganNanos;
    }

    boolean isEnded() {
        return ended;
    }

    /** From here on the order may be stored, whatever happens to the reply. */
    void sent(UUID id) {
        sentId = id;
    }

    /** The order that may be stored, or null while none was sent. */
    @Nullable
    UUID sentId() {
        return sentId;
    }

    /** Runs once when the exchange is over, before the answer is sent. */
    void atEnd(Runnable action) {
        atEnd = action;
    }

    void measure(ServerTiming asked) {
        timing = asked;
    }

    ServerTiming timing() {
        return timing;
    }

    void answer(Answer answer) {
        if (!end()) {
            return;
        }
        String requestId = RequestId.of(request);
        if (requestId != null) {
            request.response().putHeader(RequestId.HEADER, requestId);
        }
        String measured = timing.header();
        if (!measured.isEmpty()) {
            request.response().putHeader(ServerTiming.HEADER, measured);
        }
        Answer sent = owner.isDraining() || RequestHead.leavesBodyBehind(request) ? answer.andClose() : answer;
        if (sent.last()) {
            owner.lastAnswer(this);
        }
        sent.send(request.response(), !HttpMethod.HEAD.equals(request.method()));
        owner.ended(this, answer.status());
    }

    private void abandon() {
        if (end()) {
            owner.ended(this, 0);
        }
    }

    /** False where it is over already. */
    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        if (atEnd != null) {
            atEnd.run();
        }
        return true;
    }
}
