package dev.sluice.writer;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchBuffer;
import dev.sluice.batch.FlushPolicy;
import dev.sluice.batch.LiveFirstPolicy;
import dev.sluice.batch.OrderRate;
import dev.sluice.batch.Takeover;
import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WriterConfig;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.store.Bisection;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The flush loop of one writer: while one batch commits, the next one fills. What PostgreSQL cannot take now goes to
 * the overflow. Every accepted order gets exactly one outcome within the store deadline and, where it goes over, the
 * overflow deadline. Not thread safe: everything happens on the owner's event loop, and time comes from the clock that
 * is handed in.
 */
public final class BatchWriter {

    private static final Outcome BUFFER_FULL = new Outcome.NotStored("the writer's buffer is full");
    private static final Outcome WAITED_TOO_LONG = new Outcome.NotStored("PostgreSQL cannot keep up or is away");
    private static final Outcome STORE_AWAY = new Outcome.NotStored("PostgreSQL cannot be reached");

    private final OrderStore store;
    private final WriterConfig config;
    private final WriterReport report;
    private final LongSupplier nanoClock;
    private final long waitMaxNanos;
    private final BatchBuffer<PendingOrder> buffer;
    private final FlushPolicy policy;
    private final LiveFirstPolicy liveFirst;
    private final OrderRate rate = new OrderRate();
    private final Takeover takeover;
    private final OverflowWriter overflow;
    private final QueuedCheck queuedCheck;
    private final BatchSettlement settlement;

    private int inFlight;
    private long batchesCommitted;

    public BatchWriter(
            OrderStore store, OverflowQueue overflow, SluiceConfig config, Metrics metrics, LongSupplier nanoClock) {
        this.store = store;
        this.config = config.writer();
        this.report = new WriterReport(metrics, nanoClock);
        this.nanoClock = nanoClock;
        this.waitMaxNanos = TimeUnit.MILLISECONDS.toNanos(this.config.waitMaxMs());
        this.buffer = new BatchBuffer<>(this.config.bufferMax(), this.config.bufferBytesMax());
        this.policy = new FlushPolicy(this.config.inFlightMax(), this.config.fillMin());
        this.liveFirst = new LiveFirstPolicy(this.config.inFlightMax(), nanoClock.getAsLong());
        rate.observe(nanoClock.getAsLong());
        this.takeover = new Takeover(config.overflow().highMarkOrders(this.config.bufferMax()), waitMaxNanos);
        this.overflow = new OverflowWriter(overflow, config, metrics, nanoClock);
        this.queuedCheck = new QueuedCheck(store, this.overflow, this.config);
        this.settlement = new BatchSettlement(this.overflow);
    }

    /** Takes the orders of one message; the result has each one's outcome, in their order, and never fails. */
    public Future<OutcomeBatch> accept(OrderBatch message) {
        long now = nanoClock.getAsLong();
        List<Order> orders = message.orders();
        liveFirst.arrived(message.priority(), now);
        PendingReply reply = new PendingReply(orders.size(), now);
        takeover.observe(store.isUp(), buffer.size(), inFlight, now);
        boolean lasting = takeover.awayNanos(now) > waitMaxNanos;
        boolean open = overflow.isOpen();
        boolean probes = open && takeover.beginProbe(inFlight, now);
        for (int i = 0; i < orders.size(); i++) {
            PendingOrder pending = new PendingOrder(orders.get(i), message.priority(), now, reply, i);
            if (open && !(probes && i < config.batchMax()) && takeover.overflows(buffer.size())) {
                overflow.take(pending, WAITED_TOO_LONG);
            } else if (lasting) {
                pending.settle(STORE_AWAY);
            } else {
                buffer(pending);
            }
        }
        proceed();
        return reply.outcomes()
                .map(outcomes -> OutcomeBatch.timed(
                        outcomes, retryAfterSeconds(), now, reply.sentNanos(), nanoClock.getAsLong()));
    }

    private void buffer(PendingOrder pending) {
        switch (buffer.offer(pending)) {
            case TAKEN -> {}
            case FULL_ORDERS -> giveUp(pending, BUFFER_FULL, Bound.WRITER_BUFFER);
            case FULL_BYTES -> giveUp(pending, BUFFER_FULL, Bound.WRITER_BUFFER_BYTES);
        }
    }

    private void giveUp(PendingOrder pending, Outcome otherwise, Bound bound) {
        if (overflow.isOpen()) {
            overflow.take(pending, otherwise);
        } else {
            report.gaveUp(bound);
            pending.settle(otherwise);
        }
    }

    /** Gives up what has waited too long, and sends what may be sent; to be called every few milliseconds. */
    public void tick() {
        long now = nanoClock.getAsLong();
        takeover.observe(store.isUp(), buffer.size(), inFlight, now);
        rate.observe(now);
        List<PendingOrder> late = buffer.expire(now - waitMaxNanos);
        if (!late.isEmpty()) {
            takeover.waitedTooLong(buffer.size());
            late.forEach(pending -> giveUp(pending, WAITED_TOO_LONG, Bound.STORE_DEADLINE));
        }
        proceed();
        overflow.tick(now);
        report.update(this);
    }

    private void proceed() {
        flush();
        if (takeover.isAway()) {
            handOver();
        }
        overflow.flush();
    }

    /** While the overflow has taken over, nothing waits for PostgreSQL. */
    private void handOver() {
        if (inFlight == 0) {
            takeover.probeSaysNothing();
        }
        if (buffer.size() > 0 && overflow.isOpen()) {
            for (PendingOrder waiting : buffer.expire(nanoClock.getAsLong() + 1)) {
                overflow.take(waiting, WAITED_TOO_LONG);
            }
        }
    }

    private void flush() {
        while (policy.mayFlush(buffer.size(), inFlight) && mayStoreGetMore() && store.isUp()) {
            long now = nanoClock.getAsLong();
            if (liveFirst.keepsLastBatch(inFlight, buffer.size(Priority.LIVE), now)) {
                return;
            }
            int bulkMax = liveFirst.bulkOrdersMax(config.batchMax(), now);
            List<PendingOrder> entries = buffer.take(config.batchMax(), config.batchBytesMax(), bulkMax);
            inFlight++;
            send(Batch.of(entries, PendingOrder::order), BatchBuffer.oldestNanos(entries));
        }
    }

    /** Without an overflow that takes over, PostgreSQL is always worth a try. */
    private boolean mayStoreGetMore() {
        boolean probes = takeover.state() == Takeover.State.PROBING && inFlight == 0;
        return !takeover.isAway() || probes || !overflow.isOpen();
    }

    private void send(Batch<PendingOrder> batch, long oldestNanos) {
        if (!overflow.holdsEntries() || !overflow.isOpen()) {
            insert(batch, oldestNanos);
        } else {
            checkAndInsert(batch, oldestNanos);
        }
    }

    private void checkAndInsert(Batch<PendingOrder> batch, long oldestNanos) {
        queuedCheck.settle(batch, oldestNanos, nanoClock.getAsLong()).onComplete(done -> {
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
        Deadline deadline = Deadline.after(oldestNanos, config.deadlineMs());
        long sentNanos = nanoClock.getAsLong();
        Bisection.insert(this::insertWhole, orders, deadline).onComplete(done -> {
            judge(done.result(), sentNanos);
            next(settlement.settle(batch, done.result(), sentNanos), oldestNanos);
        });
    }

    private Future<List<Outcome>> insertWhole(List<Order> orders, Deadline deadline) {
        long sentNanos = nanoClock.getAsLong();
        report.sent(orders.size());
        return store.insert(orders, deadline)
                .onComplete(result -> report.answered(result, nanoClock.getAsLong() - sentNanos));
    }

    /** A batch of which PostgreSQL decided one order was answered; what it left open may be a race. */
    private void judge(List<Outcome> outcomes, long sentNanos) {
        for (Outcome outcome : outcomes) {
            if (!outcome.isOpen()) {
                rate.count(outcomes.size());
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
            overflow.flush();
        }
    }

    /** When a refused order may be tried again, from what waits and is queued and how fast both go; at least 1 s. */
    int retryAfterSeconds() {
        return rate.retryAfterSeconds(
                buffer.size() + overflow.pending(),
                overflow.emptyingSeconds(rate),
                takeover.awayNanos(nanoClock.getAsLong()));
    }

    /** Orders waiting for PostgreSQL. */
    public int pending() {
        return buffer.size();
    }

    /** Weight of the orders waiting for PostgreSQL, bytes. */
    long pendingBytes() {
        return buffer.bytes();
    }

    /** Orders waiting for the overflow. */
    int pendingOverflow() {
        return overflow.pending();
    }

    /** Whether PostgreSQL keeps up with what comes here; if not, another writer may do better. */
    boolean hasRoom() {
        return takeover.state() != Takeover.State.SPILLING && buffer.size() < config.bufferMax();
    }

    /** Who gets the next orders, while the overflow takes any. */
    Takeover.State takeover() {
        return takeover.state();
    }

    /** Whether the overflow gets the next orders. */
    boolean isOverflowing() {
        return takeover.state() != Takeover.State.NORMAL && overflow.isOpen();
    }

    /** Batches that PostgreSQL committed so far. */
    public long batchesCommitted() {
        return batchesCommitted;
    }

    /** Batches sent to PostgreSQL and not settled. */
    int inFlight() {
        return inFlight;
    }

    /** Nothing waits and nothing is in flight, there or in the overflow. */
    public boolean isIdle() {
        return buffer.size() == 0 && inFlight == 0 && overflow.isIdle();
    }

    /** Takes its state out of the gauges that all writers share; to be called when it is idle and ends. */
    public void leaveMetrics() {
        report.clear();
    }
}
