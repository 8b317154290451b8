package dev.sluice.writer;

import dev.sluice.metrics.Gauge;
import dev.sluice.metrics.Metrics;

/** Shows one writer's state in the levels that all writers of a node share; sampled, so that orders cost nothing. */
final class WriterGauges {

    private final Gauge pendingOrders;
    private final Gauge pendingBytes;
    private final Gauge inFlightBatches;
    private final Gauge overflowPending;
    private final Gauge overflowing;
    private long orders;
    private long bytes;
    private long batches;
    private long spilled;
    private long away;

    WriterGauges(Metrics metrics) {
        pendingOrders = metrics.writerPendingOrders();
        pendingBytes = metrics.writerPendingBytes();
        inFlightBatches = metrics.writerInFlightBatches();
        overflowPending = metrics.writerOverflowPending();
        overflowing = metrics.writersOverflowing();
    }

    void update(BatchWriter writer) {
        pendingOrders.add(writer.pending() - orders);
        pendingBytes.add(writer.pendingBytes() - bytes);
        inFlightBatches.add(writer.inFlight() - batches);
        orders = writer.pending();
        bytes = writer.pendingBytes();
        batches = writer.inFlight();
        updateOverflow(writer.pendingOverflow(), writer.isOverflowing() ? 1 : 0);
    }

    private void updateOverflow(long nowSpilled, long nowAway) {
        overflowPending.add(nowSpilled - spilled);
        overflowing.add(nowAway - away);
        spilled = nowSpilled;
        away = nowAway;
    }

    /** The writer is gone, and what it showed with it. */
    void clear() {
        pendingOrders.subtract(orders);
        pendingBytes.subtract(bytes);
        inFlightBatches.subtract(batches);
        orders = 0;
        bytes = 0;
        batches = 0;
        updateOverflow(0, 0);
    }
}
