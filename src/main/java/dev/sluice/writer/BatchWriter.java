package dev.sluice.writer;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchBuffer;
import dev.sluice.batch.CommitRate;
import dev.sluice.batch.FlushPolicy;
import dev.sluice.batch.Takeover;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.store.Bisection;
import dev.sluice.store.Deadline;
import dev.sluice.store.NoOverflow;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flush loop of one writer: while one batch commits, the next one fills. What PostgreSQL cannot take now goes to
 * the overflow. Every accepted order gets exactly one outcome within the store deadline and, where it goes over, the
 * overflow deadline. Not thread safe: everything happens on the owner's event loop, and time comes from the clock that
 * is handed in.
 */
public final class BatchWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    private static final Outcome BUFFER_FULL = new Outcome.NotStored("the writer's buffer is full");
    private static final Outcome WAITED_TOO_LONG = new Outcome.NotStored("PostgreSQL cannot keep up or is away");
    private static final Outcome STORE_AWAY = new Outcome.NotStored("PostgreSQL cannot be reached");

    /** Parts of the waiting bound that are left to a store that blinks, and to the look into the overflow. */
    private static final int WAIT_PARTS = 3;

    private static final long PROBE_PAUSE_MS = 50;
    private static final long PROBE_PAUSE_MS_MAX = 500;

    private final OrderStore store;
    private final WriterOptions options;
    private final Metrics metrics;
    private final LongSupplier nanoClock;
    private final BatchBuffer<PendingOrder> buffer;
    private final FlushPolicy policy;
    private final LiveFirstPolicy courtesy;
    private final Outage outage;
    private final CommitRate rate;
    private final Takeover takeover;
    private final OverflowWriter spillway;
    private final QueuedCheck queuedFirst;
    private final BatchSettlement settlement;

    private int inFlight;
    private long batchesCommitted;
    private long settledSentNanos;

    /** A writer without an overflow. */
    public BatchWriter(OrderStore store, WriterOptions options, Metrics metrics, LongSupplier nanoClock) {
        this(store, new NoOverflow(), options, metrics, nanoClock);
    }

    public BatchWriter(
            OrderStore store, OverflowQueue overflow, WriterOptions options, Metrics metrics, LongSupplier nanoClock) {
        this.store = store;
        this.options = options;
        this.metrics = metrics;
        this.nanoClock = nanoClock;
        this.buffer = new BatchBuffer<>(options.bufferMax(), options.bufferBytesMax());
        this.policy = new FlushPolicy(options.inFlightMax(), options.fillMin());
        this.outage = new Outage(TimeUnit.MILLISECONDS.toNanos(options.waitMaxMs()));
        this.rate = new CommitRate(nanoClock.getAsLong());
        this.takeover = new Takeover(new Takeover.Limits(
                options.highMarkOrders(),
                TimeUnit.MILLISECONDS.toNanos(options.waitMaxMs()) / WAIT_PARTS,
                TimeUnit.MILLISECONDS.toNanos(PROBE_PAUSE_MS),
                TimeUnit.MILLISECONDS.toNanos(PROBE_PAUSE_MS_MAX)));
        this.spillway = new OverflowWriter(overflow, options, metrics, nanoClock, sent -> settledSentNanos = sent);
        this.queuedFirst = new QueuedCheck(store, spillway);
        this.settlement = new BatchSettlement(spillway);
        this.settledSentNanos = nanoClock.getAsLong();
        this.courtesy = new LiveFirstPolicy(options.inFlightMax(), nanoClock.getAsLong());
    }

    /** Takes the orders of one message, all of one lane; the result has each one's outcome, in their order, and never fails. */
    public Future<List<Outcome>> accept(List<Order> orders, Priority lane) {
        long now = nanoClock.getAsLong();
        courtesy.came(lane, now);
        PendingReply reply = new PendingReply(orders.size());
        boolean lasting = observe(now);
        boolean open = spillway.isOpen();
        boolean probes = open && takeover.beginProbe(inFlight, now);
        for (int i = 0; i < orders.size(); i++) {
            PendingOrder pending = new PendingOrder(orders.get(i), lane, now, reply, i);
            if (open && !(probes && i < options.batchMax()) && takeover.overflows(buffer.size())) {
                spillway.take(pending, WAITED_TOO_LONG);
            } else {
                buffer(pending, lasting);
            }
        }
        proceed();
        return reply.future();
    }

    /** Whether PostgreSQL has been away for long. */
    private boolean observe(long now) {
        boolean up = store.isUp();
        takeover.observe(up, buffer.size(), inFlight, now);
        return outage.isLasting(up, now);
    }

    private void buffer(PendingOrder pending, boolean lasting) {
        if (lasting) {
            pending.settle(STORE_AWAY);
            return;
        }
        BatchBuffer.Offer offer = buffer.offer(pending);
        if (offer != BatchBuffer.Offer.TAKEN) {
            giveUp(pending, BUFFER_FULL, bound(offer));
        }
    }

    private static Bound bound(BatchBuffer.Offer offer) {
        return offer == BatchBuffer.Offer.FULL_BYTES ? Bound.WRITER_BUFFER_BYTES : Bound.WRITER_BUFFER;
    }

    private void giveUp(PendingOrder pending, Outcome otherwise, Bound bound) {
        if (spillway.isOpen()) {
            spillway.take(pending, otherwise);
        } else {
            metrics.refused().of(bound).increment();
            pending.settle(otherwise);
        }
    }

    /** Gives up what has waited too long, and sends what may be sent; to be called every few milliseconds. */
    public void tick() {
        long now = nanoClock.getAsLong();
        observe(now);
        rate.tick(now);
        List<PendingOrder> late = buffer.expire(now - TimeUnit.MILLISECONDS.toNanos(options.waitMaxMs()));
        if (!late.isEmpty()) {
            takeover.waitedTooLong(buffer.size());
            late.forEach(pending -> giveUp(pending, WAITED_TOO_LONG, Bound.STORE_DEADLINE));
        }
        proceed();
        spillway.tick(now);
    }

    private void proceed() {
        pump();
        if (takeover.isAway()) {
            handOver();
        }
        spillway.flush();
    }

    /** While the overflow has taken over, nothing waits for PostgreSQL. */
    private void handOver() {
        if (inFlight == 0) {
            takeover.probeSaysNothing();
        }
        if (buffer.size() > 0 && spillway.isOpen()) {
            for (PendingOrder waiting : buffer.expire(nanoClock.getAsLong() + 1)) {
                spillway.take(waiting, WAITED_TOO_LONG);
            }
        }
    }

    private void pump() {
        while (policy.mayFlush(buffer.size(), inFlight) && isStoreToGetMore() && store.isUp()) {
            long now = nanoClock.getAsLong();
            if (courtesy.keepsForLive(inFlight, buffer.size(Priority.LIVE), now)) {
                return;
            }
            int behindMax = courtesy.behindLiveMax(options.batchMax(), now);
            List<PendingOrder> entries = buffer.take(options.batchMax(), options.batchBytesMax(), behindMax);
            inFlight++;
            send(Batch.of(entries, PendingOrder::order), oldestNanos(entries));
        }
    }

    /** Without an overflow that takes over, PostgreSQL is always worth a try. */
    private boolean isStoreToGetMore() {
        boolean probes = takeover.state() == Takeover.State.PROBING && inFlight == 0;
        return !takeover.isAway() || probes || !spillway.isOpen();
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
        if (!spillway.holdsEntries() || !spillway.isOpen()) {
            insert(batch, oldestNanos);
        } else {
            lookAndInsert(batch, oldestNanos);
        }
    }

    private void lookAndInsert(Batch<PendingOrder> batch, long oldestNanos) {
        long now = nanoClock.getAsLong();
        long leftMs = Deadline.after(oldestNanos, options.deadlineMs()).remainingMs(now);
        Deadline deadline = Deadline.after(now, Math.min(leftMs, options.waitMaxMs() / WAIT_PARTS));
        queuedFirst.settle(batch, deadline).onComplete(done -> {
            Batch<PendingOrder> rest = done.succeeded() ? done.result() : batch;
            if (rest.leaders().isEmpty()) {
                takeover.probeSaysNothing();
                next(rest.rivals(), oldestNanos);
            } else {
                insert(rest, oldestNanos);
            }
        });
    }

    private void insert(Batch<PendingOrder> batch, long oldestNanos) {
        List<Order> orders = batch.leaders().stream().map(PendingOrder::order).toList();
        long sentNanos = nanoClock.getAsLong();
        Bisection.insert(store, orders, Deadline.after(oldestNanos, options.deadlineMs()))
                .onComplete(result -> {
                    List<Outcome> outcomes =
                            result.succeeded() ? result.result() : unforeseen(orders.size(), result.cause());
                    judge(outcomes, sentNanos);
                    settledSentNanos = sentNanos;
                    next(settlement.settle(batch, outcomes), oldestNanos);
                });
    }

    private static List<Outcome> unforeseen(int orders, Throwable error) {
        LOG.error("a batch failed in a way that no store foresaw", error);
        return Collections.nCopies(orders, new Outcome.Unknown("the writer failed"));
    }

    /** A batch of which PostgreSQL decided one order was answered; what it left open may be a race. */
    private void judge(List<Outcome> outcomes, long sentNanos) {
        for (Outcome outcome : outcomes) {
            if (!BatchSettlement.isOpen(outcome)) {
                rate.committed(outcomes.size());
                batchesCommitted += outcome instanceof Outcome.Committed ? 1 : 0;
                takeover.answered(sentNanos);
                return;
            }
        }
        takeover.failed(nanoClock.getAsLong());
    }

    /** Orders that lost their place to another content under the same id follow in a batch of their own. */
    private void next(List<PendingOrder> rivals, long oldestNanos) {
        if (rivals.isEmpty()) {
            inFlight--;
            proceed();
        } else {
            send(Batch.of(rivals, PendingOrder::order), oldestNanos);
            spillway.flush();
        }
    }

    /** When a refused order may be tried again, from what waits and is queued and how fast both go; at least 1 s. */
    public int retryAfterSeconds() {
        return rate.retryAfterSeconds(
                buffer.size() + spillway.pending(),
                spillway.emptyingSeconds(rate),
                outage.awayNanos(nanoClock.getAsLong()));
    }

    /** When the batch that is being settled was sent; to be read when {@link #accept} completes. */
    public long settledSentNanos() {
        return settledSentNanos;
    }

    /** Orders waiting for PostgreSQL. */
    public int pending() {
        return buffer.size();
    }

    /** Weight of the orders waiting for PostgreSQL, bytes. */
    public long pendingBytes() {
        return buffer.bytes();
    }

    /** Orders waiting for the overflow. */
    public int pendingOverflow() {
        return spillway.pending();
    }

    /** Who gets the next orders, while the overflow takes any. */
    public Takeover.State takeover() {
        return takeover.state();
    }

    /** Whether the overflow gets the next orders. */
    public boolean isOverflowing() {
        return takeover.state() != Takeover.State.NORMAL && spillway.isOpen();
    }

    /** Batches that PostgreSQL committed so far. */
    public long batchesCommitted() {
        return batchesCommitted;
    }

    /** Batches sent to PostgreSQL and not settled. */
    public int inFlight() {
        return inFlight;
    }

    /** Nothing waits and nothing is in flight, there or in the overflow. */
    public boolean isIdle() {
        return buffer.size() == 0 && inFlight == 0 && spillway.isIdle();
    }
}
