package dev.sluice.writer;

import dev.sluice.log.Sampled;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.CommitResult;
import dev.sluice.metrics.Metrics;
import dev.sluice.metrics.WriterMeters;
import dev.sluice.order.Outcome;
import dev.sluice.store.StoreFailure;
import io.vertx.core.AsyncResult;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one writer tells its operators: each batch with its size, result and time to the commit, what was refused or
 * failed in the log, and its state in the gauges that all writers of a node share. The state is sampled, so that orders
 * cost nothing. On the writer's event loop.
 */
final class WriterReport {

    private static final Logger LOG = LoggerFactory.getLogger(WriterReport.class);

    private final Metrics metrics;
    private final WriterMeters meters;
    private final Sampled failures;
    private final Sampled refusals;
    private long orders;
    private long bytes;
    private long batches;
    private long inOverflow;
    private long away;

    WriterReport(Metrics metrics, LongSupplier nanoClock) {
        this.metrics = metrics;
        this.meters = metrics.writers();
        this.failures = new Sampled(LOG, "PostgreSQL did not take a batch", nanoClock);
        this.refusals = new Sampled(LOG, "PostgreSQL refused an order", nanoClock);
    }

    /** An order was given up because of that bound. */
    void gaveUp(Bound bound) {
        metrics.refused().of(bound).increment();
    }

    /** A batch leaves for the store. */
    void sent(int ordersInBatch) {
        meters.batchOrders().record(ordersInBatch);
    }

    /** The store answered a batch, or failed to. Clients hear the SQLSTATE of a refusal alone; the log has its text. */
    void answered(AsyncResult<List<Outcome>> result, long tookNanos) {
        meters.batches().of(resultOf(result)).increment();
        if (result.succeeded()) {
            meters.commitNanos().record(tookNanos);
            logRefusals(result.result());
        } else {
            failures.happened(String.valueOf(result.cause().getMessage()));
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

    private void logRefusals(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Refused refused) {
                refusals.happened(refused.text());
            }
        }
    }

    /** The writer's state now goes into the gauges; to be called now and then. */
    void update(BatchWriter writer) {
        meters.pendingOrders().add(writer.pending() - orders);
        meters.pendingBytes().add(writer.pendingBytes() - bytes);
        meters.inFlightBatches().add(writer.inFlight() - batches);
        orders = writer.pending();
        bytes = writer.pendingBytes();
        batches = writer.inFlight();
        updateOverflow(writer.pendingOverflow(), writer.isOverflowing() ? 1 : 0);
    }

    private void updateOverflow(long nowInOverflow, long nowAway) {
        meters.overflowPending().add(nowInOverflow - inOverflow);
        meters.overflowing().add(nowAway - away);
        inOverflow = nowInOverflow;
        away = nowAway;
    }

    /** The writer is gone, and its part of the gauges with it. */
    void clear() {
        meters.pendingOrders().subtract(orders);
        meters.pendingBytes().subtract(bytes);
        meters.inFlightBatches().subtract(batches);
        orders = 0;
        bytes = 0;
        batches = 0;
        updateOverflow(0, 0);
    }
}
