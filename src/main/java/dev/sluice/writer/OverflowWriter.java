package dev.sluice.writer;

import dev.sluice.batch.BatchBuffer;
import dev.sluice.batch.FlushPolicy;
import dev.sluice.batch.OrderRate;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WriterConfig;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.store.Deadline;
import dev.sluice.store.DeduplicatedOffer;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One writer's way into the overflow: while one batch is synced there, the next one fills. Every order that is handed
 * over gets its outcome within the overflow deadline. Bounded as the writer's own buffer: what does not fit, and what the
 * overflow does not take, hears the outcome that it had before. Owned by the writer's event loop.
 */
final class OverflowWriter {

    /** How long orders that PostgreSQL might still take stay away from a queue that took nothing or did not answer. */
    private static final long BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final OverflowQueue queue;
    private final WriterConfig config;
    private final long deadlineMs;
    private final Metrics metrics;
    private final LongSupplier nanoClock;
    private final BatchBuffer<OverflowOrder> buffer;
    private final FlushPolicy policy;

    private int inFlight;
    private boolean backsOff;
    private long backsOffSinceNanos;

    OverflowWriter(OverflowQueue queue, SluiceConfig config, Metrics metrics, LongSupplier nanoClock) {
        this.queue = queue;
        this.config = config.writer();
        this.deadlineMs = config.overflow().deadlineMs();
        this.metrics = metrics;
        this.nanoClock = nanoClock;
        this.buffer = new BatchBuffer<>(this.config.bufferMax(), this.config.bufferBytesMax());
        this.policy = new FlushPolicy(this.config.inFlightMax(), this.config.fillMin());
    }

    /** Whether it takes orders that PostgreSQL might still take. */
    boolean isOpen() {
        return queue.isUp() && !(backsOff && isBackingOff(nanoClock.getAsLong()));
    }

    /** Whether it takes orders that PostgreSQL has already failed. */
    boolean isUp() {
        return queue.isUp();
    }

    private boolean isBackingOff(long nowNanos) {
        backsOff = nowNanos - backsOffSinceNanos < BACK_OFF_NANOS;
        return backsOff;
    }

    private void backOff() {
        backsOff = true;
        backsOffSinceNanos = nanoClock.getAsLong();
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
            send(buffer.take(config.batchMax(), config.batchBytesMax()));
        }
    }

    /** Gives up what has waited too long. */
    void tick(long nowNanos) {
        if (buffer.size() > 0) {
            long waitMaxNanos = TimeUnit.MILLISECONDS.toNanos(deadlineMs) / 2;
            for (OverflowOrder late : buffer.expire(nowNanos - waitMaxNanos)) {
                metrics.refused().of(Bound.OVERFLOW_DEADLINE).increment();
                late.pending().settle(late.otherwise());
            }
            flush();
        }
    }

    private void send(List<OverflowOrder> batch) {
        long sentNanos = nanoClock.getAsLong();
        List<Order> orders = batch.stream().map(one -> one.pending().order()).toList();
        DeduplicatedOffer.offer(queue, orders, Deadline.after(BatchBuffer.oldestNanos(batch), deadlineMs))
                .onComplete(done -> {
                    settle(batch, done.result(), sentNanos);
                    inFlight--;
                    flush();
                });
    }

    private void settle(List<OverflowOrder> batch, List<Outcome> outcomes, long sentNanos) {
        boolean tookNone = true;
        for (int i = 0; i < outcomes.size(); i++) {
            OverflowOrder one = batch.get(i);
            Outcome offered = outcomes.get(i);
            tookNone &= offered.isOpen();
            one.pending().settle(DeduplicatedOffer.settled(one.otherwise(), offered), sentNanos);
        }
        if (tookNone) {
            backOff();
        } else {
            backsOff = false;
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

    /** Until the queue is empty, at the rate at which entries left lately, else at the rate of this writer; seconds. */
    double emptyingSeconds(OrderRate writer) {
        return queue.secondsToEmpty().orElseGet(() -> writer.secondsFor(queue.depth()));
    }

    /** Orders waiting. */
    int pending() {
        return buffer.size();
    }

    boolean isIdle() {
        return buffer.size() == 0 && inFlight == 0;
    }

    /**
     * An order that waits for the overflow.
     *
     * @param otherwise its outcome where the overflow does not take it
     * @param arrivedNanos when it was handed over
     */
    private record OverflowOrder(PendingOrder pending, Outcome otherwise, long arrivedNanos)
            implements BatchBuffer.Entry {

        @Override
        public Priority priority() {
            return pending.priority();
        }

        @Override
        public int weightBytes() {
            return pending.weightBytes();
        }
    }
}
