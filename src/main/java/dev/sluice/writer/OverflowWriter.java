package dev.sluice.writer;

import dev.sluice.batch.BatchBuffer;
import dev.sluice.batch.CommitRate;
import dev.sluice.batch.FlushPolicy;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.Deadline;
import dev.sluice.store.DeduplicatedOffer;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * One writer's way into the overflow: while one batch is synced there, the next one fills. Every order that is handed
 * over gets its outcome within the overflow deadline. Bounded as the writer's own buffer; beyond, and where the
 * overflow does not take an order, that hears what it would have heard without. Owned by the writer's event loop.
 */
final class OverflowWriter {

    /** For which a queue that took nothing, or did not answer, is not offered orders that PostgreSQL might take. */
    private static final long SHY_MS = 250;

    private final OverflowQueue queue;
    private final WriterOptions options;
    private final Metrics metrics;
    private final LongSupplier nanoClock;
    private final LongConsumer settling;
    private final BatchBuffer<OverflowOrder> buffer;
    private final FlushPolicy policy;

    private int inFlight;
    private boolean shy;
    private long shySinceNanos;

    /** {@code settling} hears when the orders that are about to be settled were sent. */
    OverflowWriter(
            OverflowQueue queue,
            WriterOptions options,
            Metrics metrics,
            LongSupplier nanoClock,
            LongConsumer settling) {
        this.queue = queue;
        this.options = options;
        this.metrics = metrics;
        this.nanoClock = nanoClock;
        this.settling = settling;
        this.buffer = new BatchBuffer<>(options.bufferMax(), options.bufferBytesMax());
        this.policy = new FlushPolicy(options.inFlightMax(), options.fillMin());
    }

    /** Whether orders that PostgreSQL might take after all are well advised to go here. */
    boolean isOpen() {
        return queue.isUp() && !(shy && isBackingOff(nanoClock.getAsLong()));
    }

    /** Whether it takes orders that PostgreSQL has already failed. */
    boolean isUp() {
        return queue.isUp();
    }

    private boolean isBackingOff(long nowNanos) {
        shy = nowNanos - shySinceNanos < TimeUnit.MILLISECONDS.toNanos(SHY_MS);
        return shy;
    }

    private void backOff() {
        shy = true;
        shySinceNanos = nanoClock.getAsLong();
    }

    /** Takes an order, or settles it at once; it leaves with the next {@link #flush}. */
    void take(PendingOrder pending, Outcome otherwise) {
        if (!queue.isUp()) {
            pending.settle(otherwise);
        } else if (buffer.offer(new OverflowOrder(pending, otherwise, nanoClock.getAsLong()))
                != BatchBuffer.Offer.TAKEN) {
            metrics.refused().of(Bound.WRITER_OVERFLOW).increment();
            pending.settle(otherwise);
        }
    }

    /** Sends what may be sent. */
    void flush() {
        while (policy.mayFlush(buffer.size(), inFlight)) {
            inFlight++;
            send(buffer.take(options.batchMax(), options.batchBytesMax()));
        }
    }

    /** Gives up what has waited too long. */
    void tick(long nowNanos) {
        if (buffer.size() > 0) {
            long waitMaxNanos = TimeUnit.MILLISECONDS.toNanos(options.overflowDeadlineMs()) / 2;
            for (OverflowOrder late : buffer.expire(nowNanos - waitMaxNanos)) {
                metrics.refused().of(Bound.OVERFLOW_DEADLINE).increment();
                late.pending().settle(late.otherwise());
            }
            flush();
        }
    }

    private void send(List<OverflowOrder> batch) {
        long sentNanos = nanoClock.getAsLong();
        long oldestNanos = batch.get(0).arrivedNanos();
        List<Order> orders = new ArrayList<>(batch.size());
        for (OverflowOrder one : batch) {
            orders.add(one.pending().order());
            oldestNanos = one.arrivedNanos() - oldestNanos < 0 ? one.arrivedNanos() : oldestNanos;
        }
        DeduplicatedOffer.offer(queue, orders, Deadline.after(oldestNanos, options.overflowDeadlineMs()))
                .onComplete(done -> {
                    settling.accept(sentNanos);
                    settle(batch, done.result());
                    inFlight--;
                    flush();
                });
    }

    private void settle(List<OverflowOrder> batch, List<Outcome> outcomes) {
        boolean useless = true;
        for (int i = 0; i < outcomes.size(); i++) {
            OverflowOrder one = batch.get(i);
            Outcome offered = outcomes.get(i);
            useless &= offered instanceof Outcome.NotStored || offered instanceof Outcome.Unknown;
            one.pending().settle(DeduplicatedOffer.settled(one.otherwise(), offered));
        }
        if (useless) {
            backOff();
        } else {
            shy = false;
        }
    }

    /** Whether a keyed order may be queued already. */
    boolean holdsEntries() {
        return queue.depth() > 0;
    }

    /** The queued orders among those ids; none where the overflow does not answer. Never fails. */
    Future<Map<UUID, Order>> find(Collection<UUID> ids, Deadline deadline) {
        return queue.find(ids, deadline).otherwise(error -> {
            backOff();
            return Map.of();
        });
    }

    /** Until what is queued has left, at the rate at which that went of late, else at that of this writer. */
    double emptyingSeconds(CommitRate writer) {
        return queue.secondsToEmpty().orElseGet(() -> writer.secondsFor(queue.depth()));
    }

    /** Orders waiting. */
    int pending() {
        return buffer.size();
    }

    boolean isIdle() {
        return buffer.size() == 0 && inFlight == 0;
    }
}
