package dev.sluice.http;

import dev.sluice.batch.DuplicateKeys.LeaderResult;
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
 * @param status HTTP status of the line
 * @param id of the order, where it is acknowledged
 * @param problem why it is not acknowledged; null where it is
 */
record LineResult(
        OrderOutcome counted,
        int status,
        @Nullable UUID id,
        @Nullable Problem problem) {

    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final LineResult WRITTEN = invalid(Problem.badRequest(""));

    static LineResult of(UUID id, Outcome outcome) {
        OrderOutcome counted = SubmitHandler.countedAs(outcome);
        if (outcome instanceof Outcome.Committed || outcome instanceof Outcome.Replayed) {
            return new LineResult(counted, CREATED, id, null);
        } else if (outcome instanceof Outcome.Queued) {
            return new LineResult(counted, ACCEPTED, id, null);
        }
        return of(counted, OutcomeAnswers.problem(id, outcome));
    }

    private static LineResult of(OrderOutcome counted, Problem problem) {
        return new LineResult(counted, problem.status(), null, problem);
    }

    static LineResult invalid(Faults faults) {
        return invalid(Problem.invalidOrder(faults.faults()));
    }

    static LineResult invalid(Problem problem) {
        return of(OrderOutcome.INVALID, problem);
    }

    static LineResult conflict() {
        return of(OrderOutcome.CONFLICT, Problem.keyReused());
    }

    static LineResult notStored(String reason) {
        return of(OrderOutcome.UNAVAILABLE, Problem.notStored(reason));
    }

    /** The same without what only the written line needs. */
    LineResult withoutFaults() {
        return problem == null || problem.errors().isEmpty() ? this : WRITTEN;
    }

    /** What a later line with the same content is told. */
    LineResult repeated() {
        return isAcknowledged() ? new LineResult(OrderOutcome.REPLAYED, status, id, null) : this;
    }

    /** What it means for a line with the same client order id and other content. */
    LeaderResult fate() {
        if (isAcknowledged()) {
            return LeaderResult.ACKNOWLEDGED;
        }
        return counted == OrderOutcome.UNAVAILABLE ? LeaderResult.OPEN : LeaderResult.TURNED_DOWN;
    }

    boolean isAcknowledged() {
        return problem == null;
    }

    void write(ResultLines lines, int number) {
        if (problem == null && id != null) {
            lines.acknowledged(number, status, id, counted == OrderOutcome.REPLAYED);
        } else if (problem != null) {
            lines.problem(number, problem.status(), problem.code(), problem.detail(), problem.errors(), problem.id());
        }
    }
}
