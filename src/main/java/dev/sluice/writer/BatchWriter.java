package dev.sluice.writer;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchBuffer;
import dev.sluice.batch.CommitRate;
import dev.sluice.batch.FlushPolicy;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Lane;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Bisection;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flush loop of one writer: while one batch commits, the next one fills. Every accepted order gets exactly one
 * outcome within the store deadline. Not thread safe: everything happens on the owner's event loop, and time comes
 * from the clock that is handed in.
 */
public final class BatchWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    private static final Outcome BUFFER_FULL = new Outcome.NotStored("the writer's buffer is full");
    private static final Outcome WAITED_TOO_LONG = new Outcome.NotStored("PostgreSQL cannot keep up or is away");
    private static final Outcome STORE_AWAY = new Outcome.NotStored("PostgreSQL cannot be reached");

    /** Bulk orders in a batch while live ones come: loadtest/results/beside-bulk. */
    private static final int BEHIND_LIVE_MAX = 64;

    private static final long LIVE_RECENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final OrderStore store;
    private final WriterOptions options;
    private final Metrics metrics;
    private final LongSupplier nanoClock;
    private final BatchBuffer<PendingOrder> buffer;
    private final FlushPolicy policy;
    private final Outage outage;
    private final CommitRate rate;

    private int inFlight;
    private long settledSentNanos;
    private long liveSeenNanos;

    public BatchWriter(OrderStore store, WriterOptions options, Metrics metrics, LongSupplier nanoClock) {
        this.store = store;
        this.options = options;
        this.metrics = metrics;
        this.nanoClock = nanoClock;
        this.buffer = new BatchBuffer<>(options.bufferMax(), options.bufferBytesMax());
        this.policy = new FlushPolicy(options.inFlightMax(), options.fillMin());
        this.outage = new Outage(TimeUnit.MILLISECONDS.toNanos(options.waitMaxMs()));
        this.rate = new CommitRate(nanoClock.getAsLong());
        this.settledSentNanos = nanoClock.getAsLong();
        this.liveSeenNanos = nanoClock.getAsLong() - LIVE_RECENT_NANOS - 1;
    }

    /** Takes the orders of one message, all of one lane; the result has each one's outcome, in their order, and never fails. */
    public Future<List<Outcome>> accept(List<Order> orders, Lane lane) {
        long now = nanoClock.getAsLong();
        liveSeenNanos = lane == Lane.LIVE ? now : liveSeenNanos;
        PendingReply reply = new PendingReply(orders.size());
        for (int i = 0; i < orders.size(); i++) {
            accept(new PendingOrder(orders.get(i), lane, now, reply, i));
        }
        pump();
        return reply.future();
    }

    private void accept(PendingOrder pending) {
        if (outage.isLasting(store.isUp(), pending.arrivedNanos())) {
            pending.settle(STORE_AWAY);
            return;
        }
        BatchBuffer.Offer offer = buffer.offer(pending);
        if (offer != BatchBuffer.Offer.TAKEN) {
            metrics.refused().of(bound(offer)).increment();
            pending.settle(BUFFER_FULL);
        }
    }

    private static Bound bound(BatchBuffer.Offer offer) {
        return offer == BatchBuffer.Offer.FULL_BYTES ? Bound.WRITER_BUFFER_BYTES : Bound.WRITER_BUFFER;
    }

    /** Refuses what has waited too long, and sends what may be sent; to be called every few milliseconds. */
    public void tick() {
        long now = nanoClock.getAsLong();
        outage.observe(store.isUp(), now);
        rate.tick(now);
        for (PendingOrder late : buffer.expire(now - TimeUnit.MILLISECONDS.toNanos(options.waitMaxMs()))) {
            metrics.refused().of(Bound.STORE_DEADLINE).increment();
            late.settle(WAITED_TOO_LONG);
        }
        pump();
    }

    private void pump() {
        while (policy.mayFlush(buffer.size(), inFlight) && !isKeptForLive() && store.isUp()) {
            List<PendingOrder> entries = buffer.take(options.batchMax(), options.batchBytesMax(), behindLiveMax());
            inFlight++;
            send(Batch.of(entries, PendingOrder::order), oldestNanos(entries));
        }
    }

    /** While live orders come, the last batch in flight is theirs, */
    private boolean isKeptForLive() {
        return inFlight > 0 && inFlight == options.inFlightMax() - 1 && buffer.size(Lane.LIVE) == 0 && doLiveCome();
    }

    /** and a batch stays so short that the next one does not wait long for it. */
    private int behindLiveMax() {
        return doLiveCome() ? Math.min(options.batchMax(), BEHIND_LIVE_MAX) : options.batchMax();
    }

    private boolean doLiveCome() {
        return nanoClock.getAsLong() - liveSeenNanos <= LIVE_RECENT_NANOS;
    }

    /** Lanes are mixed in a batch, and each order's deadline must hold. */
    private static long oldestNanos(List<PendingOrder> entries) {
        long oldest = entries.get(0).arrivedNanos();
        for (PendingOrder entry : entries) {
            oldest = entry.arrivedNanos() - oldest < 0 ? entry.arrivedNanos() : oldest;
        }
        return oldest;
    }

    private void send(Batch<PendingOrder> batch, long oldestNanos) {
        List<Order> orders = batch.leaders().stream().map(PendingOrder::order).toList();
        long sentNanos = nanoClock.getAsLong();
        Bisection.insert(store, orders, Deadline.after(oldestNanos, options.deadlineMs()))
                .onComplete(result -> {
                    rate.committed(orders.size());
                    settledSentNanos = sentNanos;
                    settle(batch, result.succeeded() ? result.result() : unforeseen(orders.size(), result.cause()));
                    next(batch, oldestNanos);
                });
    }

    private static List<Outcome> unforeseen(int orders, Throwable error) {
        LOG.error("a batch failed in a way that no store foresaw", error);
        return Collections.nCopies(orders, new Outcome.Unknown("the writer failed"));
    }

    /** Orders that lost their place to another content under the same id follow in a batch of their own. */
    private void next(Batch<PendingOrder> settled, long oldestNanos) {
        if (settled.rivals().isEmpty()) {
            inFlight--;
            pump();
        } else {
            send(Batch.of(settled.rivals(), PendingOrder::order), oldestNanos);
        }
    }

    private static void settle(Batch<PendingOrder> batch, List<Outcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            PendingOrder leader = batch.leaders().get(i);
            Outcome outcome = outcomes.get(i);
            leader.settle(outcome);
            for (PendingOrder follower : batch.followers().get(i)) {
                follower.settle(shared(leader.order(), outcome));
            }
        }
    }

    /** What a repetition within the batch hears: the row is there now, so it is a replay. */
    private static Outcome shared(Order leader, Outcome outcome) {
        return outcome instanceof Outcome.Committed committed
                ? new Outcome.Replayed(new StoredOrder(leader, committed.committedAtMicros()))
                : outcome;
    }

    /** When a refused order may be tried again, from backlog and commit rate; seconds, at least 1. */
    public int retryAfterSeconds() {
        return rate.retryAfterSeconds(buffer.size(), outage.awayNanos(nanoClock.getAsLong()));
    }

    /** When the batch that is being settled was sent; to be read when {@link #accept} completes. */
    public long settledSentNanos() {
        return settledSentNanos;
    }

    /** Orders waiting. */
    public int pending() {
        return buffer.size();
    }

    /** Weight of the orders waiting, bytes. */
    public long pendingBytes() {
        return buffer.bytes();
    }

    /** Batches sent and not settled. */
    public int inFlight() {
        return inFlight;
    }

    /** Nothing waits and nothing is in flight. */
    public boolean isIdle() {
        return buffer.size() == 0 && inFlight == 0;
    }
}
