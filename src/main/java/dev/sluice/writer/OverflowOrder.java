package dev.sluice.writer;

import dev.sluice.batch.BatchBuffer;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;

/**
 * An order that waits for the overflow.
 *
 * @param otherwise its outcome where the overflow does not take it
 * @param arrivedNanos when it was handed over
 */
record OverflowOrder(PendingOrder pending, Outcome otherwise, long arrivedNanos) implements BatchBuffer.Entry {

    @Override
    public Priority priority() {
        return pending.priority();
    }

    @Override
    public int weightBytes() {
        return pending.weightBytes();
    }
}
