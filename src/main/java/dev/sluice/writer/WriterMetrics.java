package dev.sluice.writer;

import dev.sluice.metrics.CommitResult;
import dev.sluice.metrics.Gauge;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Outcome;
import dev.sluice.store.StoreFailure;
import io.vertx.core.AsyncResult;
import java.util.List;

/**
 * What one writer shows: each batch with its size, result and time to the commit, and its state in the gauges that all
 * writers of a node share. The state is sampled, so that orders cost nothing.
 */
final class WriterMetrics {

    private final Metrics metrics;
    private final Gauge pendingOrders;
    private final Gauge pendingBytes;
    private final Gauge inFlightBatches;
    private final Gauge overflowPending;
    private final Gauge overflowing;
    private long orders;
    private long bytes;
    private long batches;
    private long inOverflow;
    private long away;

    WriterMetrics(Metrics metrics) {
        this.metrics = metrics;
        pendingOrders = metrics.writers().pendingOrders();
        pendingBytes = metrics.writers().pendingBytes();
        inFlightBatches = metrics.writers().inFlightBatches();
        overflowPending = metrics.writers().overflowPending();
        overflowing = metrics.writers().overflowing();
    }

    void sent(int ordersInBatch) {
        metrics.writers().batchOrders().record(ordersInBatch);
    }

    void answered(AsyncResult<List<Outcome>> result, long tookNanos) {
        metrics.writers().batches().of(resultOf(result)).increment();
        if (result.succeeded()) {
            metrics.writers().commitNanos().record(tookNanos);
        }
    }

    private static CommitResult resultOf(AsyncResult<List<Outcome>> result) {
        if (result.succeeded()) {
            boolean refused = result.result().stream().anyMatch(Outcome.Refused.class::isInstance);
            return refused ? CommitResult.REFUSED : CommitResult.COMMITTED;
        }
        return switch (StoreFailure.of(result.cause()).kind()) {
            case REFUSED -> CommitResult.REFUSED;
            case NOT_STORED -> CommitResult.NOT_STORED;
            case UNKNOWN -> CommitResult.UNKNOWN;
        };
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

    private void updateOverflow(long nowInOverflow, long nowAway) {
        overflowPending.add(nowInOverflow - inOverflow);
        overflowing.add(nowAway - away);
        inOverflow = nowInOverflow;
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
