package dev.sluice.http;

import dev.sluice.batch.Repeats.Fate;
import dev.sluice.metrics.OrderOutcome;
import dev.sluice.order.Faults;
import dev.sluice.order.Outcome;
import dev.sluice.order.ResultLines;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one order of a bulk request is told.
 *
 * @param counted as which it shows in the metrics
 * @param id of the order, where it is acknowledged
 * @param problem why it is not acknowledged; null where it is
 */
record LineResult(
        OrderOutcome counted, @Nullable UUID id, @Nullable Problem problem) {

    private static final int CREATED = 201;
    private static final LineResult WRITTEN = invalid(Problem.badRequest(""));

    static LineResult of(UUID id, Outcome outcome) {
        OrderOutcome counted = SubmitHandler.countedAs(outcome);
        boolean stored = outcome instanceof Outcome.Committed || outcome instanceof Outcome.Replayed;
        return stored
                ? new LineResult(counted, id, null)
                : new LineResult(counted, null, OutcomeAnswers.problem(id, outcome));
    }

    static LineResult invalid(Faults faults) {
        return invalid(Problem.invalidOrder(faults.faults()));
    }

    static LineResult invalid(Problem problem) {
        return new LineResult(OrderOutcome.INVALID, null, problem);
    }

    static LineResult conflict() {
        return new LineResult(OrderOutcome.CONFLICT, null, Problem.keyReused());
    }

    static LineResult notStored(String reason) {
        return new LineResult(OrderOutcome.UNAVAILABLE, null, Problem.notStored(reason));
    }

    /** The same without what only the written line needs. */
    LineResult withoutFaults() {
        return problem == null || problem.errors().isEmpty() ? this : WRITTEN;
    }

    /** What a later line with the same content is told. */
    LineResult repeated() {
        return isAcknowledged() ? new LineResult(OrderOutcome.REPLAYED, id, null) : this;
    }

    /** What it means for a line with the same client order id and other content. */
    Fate fate() {
        if (isAcknowledged()) {
            return Fate.ACKNOWLEDGED;
        }
        return counted == OrderOutcome.UNAVAILABLE ? Fate.OPEN : Fate.TURNED_DOWN;
    }

    boolean isAcknowledged() {
        return problem == null;
    }

    /** HTTP status of the line. */
    int status() {
        return problem == null ? CREATED : problem.status();
    }

    void write(ResultLines lines, int number) {
        if (problem == null && id != null) {
            lines.acknowledged(number, CREATED, id, counted == OrderOutcome.REPLAYED);
        } else if (problem != null) {
            lines.problem(number, problem.status(), problem.code(), problem.detail(), problem.errors(), problem.id());
        }
    }
}
