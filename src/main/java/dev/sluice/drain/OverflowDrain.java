package dev.sluice.drain;

import dev.sluice.batch.Batch;
import dev.sluice.log.Incident;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.Bisection;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.Deadline;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.OrderStore;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that moves queued orders into PostgreSQL: read, insert, and only after the commit settle. One step at a time,
 * each begun by the end of the one before or by a timer; while all goes well and no live order waits, the batch before is
 * settled and the next one read beside an insert. An outage settles nothing: the batch is kept and tried again. Only what
 * PostgreSQL refuses for good, what lost its id to another content, and what fails alone while others commit becomes a
 * dead letter. A step that breaks is logged, what it held is read again, and the next one follows.
 *
 * <p>Not thread safe: everything happens on the owner's event loop; time and timers are handed in. Bounds: one batch in
 * flight, {@link DrainOptions#batchMax()} entries held, as many being settled and as many read ahead, and about as many
 * that fail alone.
 */
public final class OverflowDrain {

    private static final Logger LOG = LoggerFactory.getLogger(OverflowDrain.class);

    private static final String LONELY =
            "failed alone " + RetryQueue.LONELY_FAILURES_MAX + " times while others were stored: ";

    private static final long FULL_RETRY_MS = 1_000;

    private static final int LONELY_MIN = 64;

    /** Orders beyond which a batch is worth two transactions, one on each connection. */
    private static final int HALVED_MIN = 128;

    /** Beside a batch's worth of entries that fail alone, so many others are read, so often. */
    private static final int TRICKLE_ORDERS = 16;

    private static final long TRICKLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int BACKOFF_DOUBLINGS_MAX = 16;

    /** Runs something later on the owner's event loop. */
    @FunctionalInterface
    public interface Timers {
        void after(long ms, Runnable action);
    }

    private final DrainQueue queue;
    private final OrderStore store;
    private final DrainOptions options;
    private final LiveOrders liveOrders;
    private final OverflowWatch watch;
    private final LongSupplier nanoClock;
    private final Timers timers;

    private final DrainPace pace;
    private final RetryQueue held;
    private final SettlementQueue settler;
    private final Promise<Void> stopped = Promise.promise();
    private final Incident inserting;

    private DrainState state = DrainState.IDLE;

    /** A read that was begun before its turn. */
    private @Nullable Future<List<Delivery>> ahead;

    private boolean stopping;
    private boolean waiting = true;
    private int failuresInARow;
    private long commits;
    private long commitsAtFailure;
    private long liveCommits;
    private long liveCommitsSeen;
    private long trickledNanos;

    /**
     * A drain that has not begun.
     *
     * @param store of its own: live orders do not wait behind it
     * @param liveOrders those of this node
     * @param nanoClock as {@link System#nanoTime()}
     * @param clockMillis as {@link System#currentTimeMillis()}
     */
    public OverflowDrain(
            DrainQueue queue,
            DeadLetters deadLetters,
            OrderStore store,
            DrainOptions options,
            LiveOrders liveOrders,
            Metrics metrics,
            LongSupplier nanoClock,
            LongSupplier clockMillis,
            Timers timers) {
        this.queue = queue;
        this.store = store;
        this.options = options;
        this.liveOrders = liveOrders;
        this.watch = new OverflowWatch(queue, metrics, clockMillis);
        this.nanoClock = nanoClock;
        this.timers = timers;
        this.trickledNanos = nanoClock.getAsLong();
        this.pace = new DrainPace(nanoClock.getAsLong());
        this.held = new RetryQueue(Math.max(LONELY_MIN, options.batchMax()));
        this.inserting = new Incident(LOG, "drain: PostgreSQL", nanoClock);
        this.settler = new SettlementQueue(queue, deadLetters, held, watch, nanoClock);
    }

    /** Begins; to be called once. */
    public void start() {
        guarded(this::step);
    }

    /** Looks how busy live orders are; to be called every few milliseconds. */
    public void tick() {
        pace.observe(liveOrders.pending(), nanoClock.getAsLong());
        long live = liveOrders.batchesCommitted();
        liveCommits += Math.max(0, live - liveCommitsSeen);
        liveCommitsSeen = live;
    }

    /** Looks how full the overflow is, for metrics and operators; to be called every second. Never fails. */
    public Future<Void> look() {
        return watch.look();
    }

    /** Ends after the step that is under way; completes then. What is not settled by then is delivered again. */
    public Future<Void> stop() {
        stopping = true;
        if (waiting) {
            end();
        }
        return stopped.future();
    }

    private void end() {
        state = DrainState.STOPPED;
        afterSettlement(stopped::tryComplete);
    }

    /** What it is doing. */
    public DrainState state() {
        return state;
    }

    OverflowWatch watch() {
        return watch;
    }

    /** A step begins the next one as its last act: where it breaks, nobody else would. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the drain broke in a way that nobody foresaw; it reads again what it held", e);
            settler.forget();
            held.clear();
            pause(state, options.retryMaxMs());
        }
    }

    private void step() {
        waiting = false;
        if (stopping) {
            end();
        } else if (!queue.isUp()) {
            pause(DrainState.REDIS_AWAY, options.idleMs());
        } else if (settler.isOwing()) {
            settle(this::step);
        } else if (!store.isUp()) {
            pause(DrainState.POSTGRES_AWAY, options.idleMs());
        } else {
            held.next(nanoClock.getAsLong(), mayRead()).ifPresentOrElse(this::insert, this::read);
        }
    }

    private void pause(DrainState because, long ms) {
        if (stopping) {
            end();
            return;
        }
        state = because;
        waiting = true;
        timers.after(ms, this::resume);
    }

    private void resume() {
        if (state != DrainState.STOPPED) {
            guarded(this::step);
        }
    }

    private boolean mayRead() {
        boolean trickles = nanoClock.getAsLong() - trickledNanos >= TRICKLE_NANOS;
        return held.hasRoom() || (trickles && !held.isFull());
    }

    private void read() {
        if (!mayRead()) {
            pause(DrainState.HELD_FULL, options.idleMs());
            return;
        }
        boolean before = ahead != null;
        Future<List<Delivery>> reading = ahead == null ? readNow() : ahead;
        ahead = null;
        reading.onComplete(result -> guarded(() -> {
            if (result.succeeded()) {
                onRead(result.result(), before);
            } else {
                afterSettlement(() -> queueFailed(result.cause()));
            }
        }));
    }

    private Future<List<Delivery>> readNow() {
        trickledNanos = nanoClock.getAsLong();
        int max = pace.batch(options.batchMax());
        int some = held.hasRoom() ? max : Math.min(max, TRICKLE_ORDERS);
        return queue.read(some + held.size());
    }

    private boolean goesWell() {
        return failuresInARow == 0 && pace.isAlone() && held.isCalm() && queue.isUp() && !stopping;
    }

    /** @param before whether it was read ahead: if it brings nothing, there may be something now */
    private void onRead(List<Delivery> deliveries, boolean before) {
        List<Held> fresh = new ArrayList<>();
        List<Settlement> spent = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            Order order = delivery.order();
            if (!held.isHeld(delivery) && order != null) {
                fresh.add(new Held(delivery, order));
            } else if (order == null && !held.isHeld(delivery)) {
                spent.add(Settlement.done(delivery));
            }
        }
        held.add(fresh, new Commits(commits, liveCommits), nanoClock.getAsLong());
        if (spent.isEmpty()) {
            goOn(fresh.isEmpty() && !before);
        } else {
            afterSettlement(() -> {
                settler.take(spent);
                step();
            });
        }
    }

    private void goOn(boolean nothingRead) {
        if (nothingRead && !held.hasDue(nanoClock.getAsLong())) {
            afterSettlement(() -> pause(held.hasRoom() ? DrainState.IDLE : DrainState.HELD_FULL, options.idleMs()));
        } else {
            step();
        }
    }

    private void insert(Piece piece) {
        state = failuresInARow == 0 ? DrainState.DRAINING : state;
        Batch<Held> batch = Batch.of(piece.entries(), Held::order);
        List<Order> orders = batch.leaders().stream().map(Held::order).toList();
        long now = nanoClock.getAsLong();
        readAhead(); // before the insert: should it break, nothing is under way
        insert(orders, Deadline.after(now, options.deadlineMs()))
                .onComplete(result -> guarded(() ->
                        afterSettlement(() -> judge(piece, batch, outcomes(result, orders.size()), now))));
    }

    private Future<List<Outcome>> insert(List<Order> orders, Deadline deadline) {
        return goesWell() && orders.size() > HALVED_MIN
                ? Bisection.insertHalved(store::insert, orders, deadline)
                : Bisection.insert(store::insert, orders, deadline);
    }

    private void readAhead() {
        if (ahead == null && goesWell()) {
            Predicate<Delivery> isNew = held.unlessHeldNow();
            ahead = queue.read(options.batchMax())
                    .map(deliveries -> deliveries.stream().filter(isNew).toList());
        }
    }

    private static List<Outcome> outcomes(AsyncResult<List<Outcome>> result, int orders) {
        if (result.succeeded()) {
            return result.result();
        }
        LOG.error("a batch failed in a way that no store foresaw", result.cause());
        return Collections.nCopies(orders, new Outcome.Unknown("the store failed"));
    }

    private void judge(Piece piece, Batch<Held> batch, List<Outcome> outcomes, long beganNanos) {
        BatchResult judgement = BatchResult.of(batch, outcomes);
        commits += judgement.committed;
        held.again(piece.of(batch.rivals()));
        boolean outage = judgement.hasOutage() && onOutage(piece, judgement);
        if (!judgement.hasOutage()) {
            failuresInARow = 0;
            inserting.over();
        }
        settler.take(judgement);
        Runnable next = () -> next(outage, batch.leaders().size(), nanoClock.getAsLong() - beganNanos);
        if (ahead != null && goesWell() && settler.mayGoBeside()) {
            settler.beginBeside();
            next.run();
        } else {
            settle(next);
        }
    }

    /** What would begin a settlement, or must see its end, waits for the one that runs beside. */
    private void afterSettlement(Runnable action) {
        settler.afterBeside(() -> guarded(action));
    }

    /** @return whether it looks like an outage */
    private boolean onOutage(Piece piece, BatchResult judgement) {
        inserting.failed(judgement.outage);
        Piece left = piece.of(judgement.left);
        RetryQueue.Fate fate = held.failed(left, neighbours(judgement), nanoClock.getAsLong());
        if (fate == RetryQueue.Fate.GIVEN_UP) {
            judgement.condemn(left.entries().get(0), LONELY + judgement.outage);
        }
        if (fate == RetryQueue.Fate.WAITS) {
            failuresInARow = commits > commitsAtFailure ? 1 : failuresInARow + 1;
            commitsAtFailure = commits;
        }
        return fate == RetryQueue.Fate.WAITS;
    }

    /** Live orders go by other connections: they tell nothing of an entry that broke the drain's own. */
    private Commits neighbours(BatchResult judgement) {
        return new Commits(commits, judgement.answered ? liveCommits : 0);
    }

    private void next(boolean outage, int orders, long workedNanos) {
        if (outage) {
            pause(DrainState.POSTGRES_AWAY, backoffMs());
            return;
        }
        long pauseMs = pace.pauseMs(orders, workedNanos);
        if (pauseMs > 0) {
            pause(DrainState.DRAINING, pauseMs);
        } else {
            step();
        }
    }

    private long backoffMs() {
        int doublings = Math.min(BACKOFF_DOUBLINGS_MAX, Math.max(0, failuresInARow - 1));
        return Math.min(options.retryMaxMs(), options.retryMs() << doublings);
    }

    private void settle(Runnable then) {
        settler.settle()
                .onComplete(end -> guarded(() -> {
                    switch (end.result()) {
                        case SETTLED -> then.run();
                        case DEAD_LETTERS_FULL -> pause(DrainState.DEAD_LETTERS_FULL, FULL_RETRY_MS);
                        case FAILED -> queueAway();
                    }
                }));
    }

    private void queueFailed(Throwable error) {
        settler.failed(error);
        queueAway();
    }

    private void queueAway() {
        failuresInARow++;
        pause(DrainState.REDIS_AWAY, backoffMs());
    }
}
