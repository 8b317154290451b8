package dev.sluice.http;

import dev.sluice.order.Order;
import dev.sluice.order.OrderJson;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/** What a client hears of each outcome. One per event loop: it owns the buffer that documents are written in. */
final class OutcomeAnswers {

    static final String ORDERS = "/orders/";
    static final String COMMITTED = "committed";

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int UNAVAILABLE = 503;

    private final OrderJson json = new OrderJson();

    Answer answer(Order order, Outcome outcome, int retryAfterSeconds) {
        if (outcome instanceof Outcome.Committed committed) {
            return stored(order, committed.committedAtMicros(), false);
        } else if (outcome instanceof Outcome.Replayed replayed) {
            return stored(replayed.original().order(), replayed.original().committedAtMicros(), true);
        }
        Problem problem = problem(order.id(), outcome);
        return Answer.problem(problem, problem.status() == UNAVAILABLE ? retryAfterSeconds : 0);
    }

    /** Of an outcome that leaves the order in no store, as far as is known. */
    static Problem problem(UUID id, Outcome outcome) {
        if (outcome instanceof Outcome.Conflict) {
            return Problem.keyReused();
        } else if (outcome instanceof Outcome.Refused refused) {
            return Problem.refused(refused.reason());
        } else if (outcome instanceof Outcome.NotStored notStored) {
            return Problem.notStored(notStored.reason());
        } else if (outcome instanceof Outcome.Unknown unknown) {
            return Problem.unknown(id, unknown.reason());
        }
        throw new IllegalStateException("no answer for " + outcome);
    }

    private Answer stored(Order order, long committedAtMicros, boolean replayed) {
        return Answer.stored(CREATED, document(order, committedAtMicros), ORDERS + order.id(), replayed);
    }

    Answer found(StoredOrder stored) {
        return Answer.order(OK, document(stored.order(), stored.committedAtMicros()));
    }

    private Buffer document(Order order, long committedAtMicros) {
        return Buffer.buffer(json.bytes(order, COMMITTED, committedAtMicros));
    }
}
