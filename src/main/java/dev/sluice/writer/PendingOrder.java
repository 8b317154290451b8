package dev.sluice.writer;

import dev.sluice.batch.BatchBuffer;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;

/** An order in a writer, and the place in the reply where its outcome belongs. */
record PendingOrder(Order order, Priority priority, long arrivedNanos, PendingReply reply, int index)
        implements BatchBuffer.Entry {

    @Override
    public int weightBytes() {
        return order.weightBytes();
    }

    /** Tells the outcome of an order that no store was sent. */
    void settle(Outcome outcome) {
        reply.settle(index, outcome);
    }

    /** Tells the outcome of an order whose batch was sent then. */
    void settle(Outcome outcome, long sentNanos) {
        reply.sent(sentNanos);
        reply.settle(index, outcome);
    }
}
