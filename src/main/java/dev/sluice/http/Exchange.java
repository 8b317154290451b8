package dev.sluice.http;

import io.vertx.core.Future;
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

        /** Whether the connection is to end with the answer to this exchange, because its instance leaves. */
        boolean isDraining(Exchange exchange);

        /** A client that ends its side counts as gone: what is left of this request is not worth doing for nobody. */
        void endsWithInput(Exchange exchange);

        /** The connection ends with the answer that is about to be sent. */
        void lastAnswer(Exchange exchange);
    }

    /** What a request adds that takes more than one step; told on the event loop. */
    interface LongRequest {
        /** The HTTP deadline is here: answer with what is known, or with that. */
        void overdue(Answer usual);

        /** Answered or abandoned; once. The future stands when the connection has taken the answer, or is gone. */
        void ended(Future<Void> written);
    }

    private final Owner owner;
    private final HttpServerRequest request;
    private final long beganNanos;
    private @Nullable UUID sentId;
    private @Nullable Runnable atEnd;
    private ServerTiming timing = ServerTiming.NONE;
    private boolean ended;
    private @Nullable LongRequest course;

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

    /** From here on that course is asked at the deadline and told of the end. */
    void follow(LongRequest followed) {
        course = followed;
        owner.endsWithInput(this);
    }

    /** Answers at the HTTP deadline. */
    void expire(Answer usual) {
        if (course != null) {
            course.overdue(usual);
        }
        answer(usual);
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
        putHeaders();
        Answer sent = owner.isDraining(this) || RequestHead.leavesBodyBehind(request) ? answer.andClose() : answer;
        if (sent.last()) {
            owner.lastAnswer(this);
        }
        Future<Void> written = sent.send(request.response(), !HttpMethod.HEAD.equals(request.method()));
        ended(answer.status(), written);
    }

    private void putHeaders() {
        String requestId = RequestId.of(request);
        if (requestId != null) {
            request.response().putHeader(RequestId.HEADER, requestId);
        }
        String measured = timing.header();
        if (!measured.isEmpty()) {
            request.response().putHeader(ServerTiming.HEADER, measured);
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

    private void abandon() {
        if (end()) {
            ended(0, Future.succeededFuture());
        }
    }

    private void ended(int status, Future<Void> written) {
        owner.ended(this, status);
        if (course != null) {
            course.ended(written);
        }
    }
}
