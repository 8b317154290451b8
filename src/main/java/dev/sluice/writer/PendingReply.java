package dev.sluice.writer;

import dev.sluice.order.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.List;

/** The reply to one message: complete when every order of it has its outcome. Owned by one event loop. */
final class PendingReply {

    private final Outcome[] outcomes;
    private final Promise<List<Outcome>> promise = Promise.promise();
    private int open;
    private long sentNanos;

    PendingReply(int orders, long arrivedNanos) {
        this.outcomes = new Outcome[orders];
        this.open = orders;
        this.sentNanos = arrivedNanos - 1;
    }

    void settle(int index, Outcome outcome) {
        if (outcomes[index] != null) {
            throw new IllegalStateException("an order is settled once");
        }
        outcomes[index] = outcome;
        if (--open == 0) {
            promise.complete(Arrays.asList(outcomes));
        }
    }

    void sent(long nanos) {
        sentNanos = nanos;
    }

    /** When the last batch with one of its orders was sent; before the arrival where none was. */
    long sentNanos() {
        return sentNanos;
    }

    Future<List<Outcome>> outcomes() {
        return promise.future();
    }
}
