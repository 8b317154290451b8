package dev.sluice.http;

import dev.sluice.order.FoundOrder;
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
    static final String QUEUED = "queued";

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final int UNAVAILABLE = 503;

    private final OrderJson json = new OrderJson();

    Answer answer(Order order, Outcome outcome, int retryAfterSeconds) {
        if (outcome instanceof Outcome.Committed committed) {
            return stored(order, committed.committedAtMicros(), false);
        } else if (outcome instanceof Outcome.Replayed replayed) {
            return stored(replayed.original().order(), replayed.original().committedAtMicros(), true);
        } else if (outcome instanceof Outcome.Queued queued) {
            return queued(queued.entry(), queued.replayed());
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

    private Answer queued(Order entry, boolean replayed) {
        return Answer.stored(ACCEPTED, queuedDocument(entry), ORDERS + entry.id(), replayed);
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
