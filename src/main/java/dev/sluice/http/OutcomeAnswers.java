package dev.sluice.http;

import dev.sluice.listener.Problem;
import dev.sluice.order.FoundOrder;
import dev.sluice.order.Order;
import dev.sluice.order.OrderJson;
import dev.sluice.order.OrderResult;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import io.vertx.core.buffer.Buffer;

/** What a client hears of each outcome. One per event loop: it owns the buffer that documents are written in. */
final class OutcomeAnswers {

    private static final String ORDERS = "/orders/";
    private static final String COMMITTED = "committed";
    private static final String QUEUED = "queued";

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;

    private final OrderJson json = new OrderJson();

    /** The answer to one outcome, and to the result that was made of it. */
    Answer answer(Order order, Outcome outcome, OrderResult result, int retryAfterSeconds) {
        if (outcome instanceof Outcome.Committed committed) {
            return stored(CREATED, order, document(order, committed.committedAtMicros()), false);
        } else if (outcome instanceof Outcome.Replayed replayed) {
            StoredOrder original = replayed.original();
            return stored(CREATED, original.order(), document(original.order(), original.committedAtMicros()), true);
        } else if (outcome instanceof Outcome.Queued queued) {
            return stored(ACCEPTED, queued.entry(), queuedDocument(queued.entry()), queued.replayed());
        }
        return Answer.problem(Problem.of(result), result.invitesRetry() ? retryAfterSeconds : 0);
    }

    private static Answer stored(int status, Order order, Buffer document, boolean replayed) {
        return Answer.stored(status, document, ORDERS + order.id(), replayed);
    }

    Answer found(FoundOrder found) {
        if (found instanceof FoundOrder.Committed committed) {
            StoredOrder row = committed.stored();
            return Answer.order(OK, document(row.order(), row.committedAtMicros()));
        } else if (found instanceof FoundOrder.Dead dead) {
            return Answer.order(OK, Buffer.buffer(json.dead(dead)));
        }
        return Answer.order(OK, queuedDocument(found.order()));
    }

    private Buffer queuedDocument(Order entry) {
        return json.write(entry, QUEUED, null, OutcomeAnswers::copy);
    }

    private Buffer document(Order order, long committedAtMicros) {
        return json.write(order, COMMITTED, committedAtMicros, OutcomeAnswers::copy);
    }

    private static Buffer copy(byte[] utf8, int length) {
        return Buffer.buffer(length).appendBytes(utf8, 0, length);
    }
}
