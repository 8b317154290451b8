package dev.sluice.metrics;

import java.util.stream.LongStream;

/**
 * What the writers of a node show, all of them together.
 *
 * @param pendingOrders orders in the buffers of all writers of this node
 * @param pendingBytes their weight in bytes
 * @param inFlightBatches batches at the store, of all writers of this node
 * @param overflowPending orders that wait for the overflow, of all writers of this node
 * @param overflowing writers of this node whose next orders go to the overflow
 * @param batchOrders orders in each batch that is sent
 * @param batches batches by how they ended
 * @param commitNanos nanoseconds from sending a batch to its commit; committed batches only
 */
public record WriterMeters(
        Gauge pendingOrders,
        Gauge pendingBytes,
        Gauge inFlightBatches,
        Gauge overflowPending,
        Gauge overflowing,
        Histogram batchOrders,
        Counters<CommitResult> batches,
        Histogram commitNanos) {

    private static final int BATCH_ORDERS_BOUND_POWER_MAX = 12;

    static WriterMeters of(Meters meters) {
        return new WriterMeters(
                meters.gauge("sluice_writer_pending", "Orders in the writers' buffers, not yet sent."),
                meters.gauge("sluice_writer_pending_bytes", "Weight of the orders in the writers' buffers."),
                meters.gauge("sluice_writer_in_flight", "Batches sent to the store and not yet answered."),
                meters.gauge("sluice_writer_overflow_pending", "Orders in the writers that wait for the overflow."),
                meters.gauge(
                        "sluice_writers_overflowing",
                        "Writers that send the next orders to the overflow, not to PostgreSQL."),
                meters.histogram("sluice_batch_orders", "Orders in a batch.", powersOfTwo()),
                meters.counters(
                        "sluice_batches_total", "result", CommitResult.class, "Batches that ended, by how they ended."),
                meters.secondsHistogram(
                        "sluice_commit_seconds",
                        "Time from sending a batch to its commit.",
                        Metrics.latencyBoundsNanos()));
    }

    private static long[] powersOfTwo() {
        return LongStream.rangeClosed(0, BATCH_ORDERS_BOUND_POWER_MAX)
                .map(power -> 1L << power)
                .toArray();
    }
}
