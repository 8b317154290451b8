package dev.sluice.writer;

import dev.sluice.metrics.Level;
import dev.sluice.metrics.Metrics;

/** Shows one writer's state in the levels that all writers of a node share; sampled, so that orders cost nothing. */
final class WriterGauges {

    private final Level pendingOrders;
    private final Level pendingBytes;
    private final Level inFlightBatches;
    private long orders;
    private long bytes;
    private long batches;

    WriterGauges(Metrics metrics) {
        pendingOrders = metrics.writerPendingOrders();
        pendingBytes = metrics.writerPendingBytes();
        inFlightBatches = metrics.writerInFlightBatches();
    }

    void update(BatchWriter writer) {
        pendingOrders.add(writer.pending() - orders);
        pendingBytes.add(writer.pendingBytes() - bytes);
        inFlightBatches.add(writer.inFlight() - batches);
        orders = writer.pending();
        bytes = writer.pendingBytes();
        batches = writer.inFlight();
    }
}
