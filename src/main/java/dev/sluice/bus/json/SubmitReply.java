package dev.sluice.bus.json;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;

/**
 * What a sender hears of a message at {@link SubmitVerticle#ADDRESS}: result objects, a refusal of it as a whole, or no
 * answer.
 *
 * @param json result objects; empty where there are none
 * @param status HTTP status of a refusal as a whole; 0 where there are result objects, or no answer
 * @param code of that refusal; without an answer {@code no_handlers} (no node consumes the address, nothing was done),
 *     {@code timeout} or {@code lost} (it may have been stored); else empty
 * @param retryAfterSeconds when to send again what is 503, or a message that is beyond its account's quota; else 0
 */
public record SubmitReply(Buffer json, int status, String code, int retryAfterSeconds) {

    /** No node consumes the address. */
    public static final String NO_HANDLERS = "no_handlers";

    private static final Buffer NONE = Buffer.buffer();
    private static final int REFUSED_MIN = 400;
    private static final int REFUSED_MAX = 599;
    private static final int UNAVAILABLE = 503;

    static SubmitReply answer(Message<Buffer> message) {
        String retryAfter = message.headers().get(SubmitVerticle.RETRY_AFTER);
        return new SubmitReply(message.body(), 0, "", retryAfter == null ? 0 : Integer.parseInt(retryAfter));
    }

    static SubmitReply failure(Throwable error) {
        if (!(error instanceof ReplyException failure)) {
            return unanswered("lost");
        }
        return switch (failure.failureType()) {
            case RECIPIENT_FAILURE -> refused(failure.failureCode(), String.valueOf(failure.getMessage()));
            case NO_HANDLERS -> unanswered(NO_HANDLERS);
            case TIMEOUT -> unanswered("timeout");
            case ERROR -> unanswered("lost");
        };
    }

    private static SubmitReply unanswered(String why) {
        return new SubmitReply(NONE, 0, why, 0);
    }

    /** A failure has no headers: its text ends with the seconds. A code that is no status says nothing. */
    private static SubmitReply refused(int status, String message) {
        if (status < REFUSED_MIN || status > REFUSED_MAX) {
            return unanswered("lost");
        }
        int colon = message.indexOf(':');
        String code = colon < 0 ? "" : message.substring(0, colon);
        int retryAfterSeconds = SubmitRefusedException.retryAfterSeconds(message);
        return new SubmitReply(
                NONE, status, code, status == UNAVAILABLE ? Math.max(1, retryAfterSeconds) : retryAfterSeconds);
    }

    /** Whether nothing was heard of the orders. */
    public boolean isUnanswered() {
        return status == 0 && !code.isEmpty();
    }

    /** Whether all of the orders were refused at once. */
    public boolean isRefusal() {
        return status != 0;
    }
}
