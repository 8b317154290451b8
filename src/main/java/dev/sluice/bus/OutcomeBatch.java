package dev.sluice.bus;

import dev.sluice.order.Outcome;
import java.util.List;

/**
 * A writer's reply.
 *
 * @param outcomes one for each order of the request, in its order
 * @param retryAfterSeconds when a refused order may be tried again, from the writer's backlog and commit rate
 * @param waitMicros how long the last order of the request waited in the writer before it was sent, or was refused
 * @param storeMicros how long the store took over that order's batch; 0 where it was not sent
 */
public record OutcomeBatch(List<Outcome> outcomes, int retryAfterSeconds, int waitMicros, int storeMicros) {

    private static final int NANOS_PER_MICRO = 1_000;

    /** Without times. */
    public OutcomeBatch(List<Outcome> outcomes, int retryAfterSeconds) {
        this(outcomes, retryAfterSeconds, 0, 0);
    }

    /**
     * A reply with the times of its last order.
     *
     * @param arrivedNanos when the orders came
     * @param sentNanos when the last batch with one of them was sent; before {@code arrivedNanos} where none was
     * @param nowNanos when they are settled
     */
    public static OutcomeBatch timed(
            List<Outcome> outcomes, int retryAfterSeconds, long arrivedNanos, long sentNanos, long nowNanos) {
        long leftNanos = sentNanos - arrivedNanos < 0 ? nowNanos : sentNanos;
        return new OutcomeBatch(
                outcomes, retryAfterSeconds, micros(leftNanos - arrivedNanos), micros(nowNanos - leftNanos));
    }

    Settled settled(int index) {
        return new Settled(outcomes.get(index), retryAfterSeconds, waitMicros, storeMicros);
    }

    private static int micros(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, nanos / NANOS_PER_MICRO);
    }
}
