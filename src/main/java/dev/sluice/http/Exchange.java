package dev.sluice.http;

import io.vertx.core.http.HttpHeaders;
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

        /** The connection ends with the answer that is about to be sent. */
        void lastAnswer(Exchange exchange);
    }

    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-Id");
    private static final int REQUEST_ID_LENGTH_MAX = 128;

    private final Owner owner;
    private final HttpServerRequest request;
    private final long beganNanos;
    private @Nullable UUID sentId;
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

    void answer(Answer answer) {
        if (ended) {
            return;
        }
        ended = true;
        String requestId = request.getHeader(REQUEST_ID);
        if (requestId != null && requestId.length() <= REQUEST_ID_LENGTH_MAX) {
            request.response().putHeader(REQUEST_ID, requestId);
        }
        Answer sent = owner.isDraining(this) ? answer.andClose() : answer;
        if (sent.last()) {
            owner.lastAnswer(this);
        }
        sent.send(request.response(), !HttpMethod.HEAD.equals(request.method()));
        owner.ended(this, answer.status());
    }

    private void abandon() {
        if (!ended) {
            ended = true;
            owner.ended(this, 0);
        }
    }
}
