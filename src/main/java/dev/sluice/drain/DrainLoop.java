package dev.sluice.drain;

import dev.sluice.config.SluiceConfig;
import dev.sluice.drain.DrainVerticle.Stores;
import dev.sluice.drain.RetryQueue.QueuedEntry;
import dev.sluice.drain.Step.Insert;
import dev.sluice.drain.Step.Pause;
import dev.sluice.drain.Step.Read;
import dev.sluice.log.Incident;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.Bisection;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.Deadline;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowOperations.Status;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that moves queued orders into PostgreSQL: read, insert, and only after the commit settle. {@link
 * DrainMachine} decides each step; the loop executes it, reports its end and asks for the next one. A step that throws is
 * logged, its entries are read again, and the loop goes on.
 *
 * <p>Not thread safe: everything happens on the owner's event loop; time and timers are handed in. Bounds: {@code
 * overflow.drainBatchMax} entries in flight, as many being settled, as many read ahead, and those of {@link RetryQueue}.
 */
final class DrainLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DrainLoop.class);

    /** The clocks and timers of the owner's event loop. */
    interface Time {

        /** As {@link System#nanoTime()}. */
        long nanos();

        /** As {@link System#currentTimeMillis()}. */
        long epochMs();

        /** Runs something later on the event loop. */
        void after(long ms, Runnable action);
    }

    private final DrainQueue queue;
    private final OrderStore store;
    private final Stores stores;
    private final int batchMax;
    private final long deadlineMs;
    private final LiveOrders liveOrders;
    private final OverflowWatch watch;
    private final Time time;

    private final RetryQueue retries;
    private final DrainMachine machine;
    private final SettlementQueue settlements;
    private final Promise<Void> stopped = Promise.promise();
    private final Incident inserting;

    /** A read that was begun beside an insert. */
    private @Nullable Future<List<Delivery>> ahead;

    /**
     * A drain that has not begun.
     *
     * @param liveOrders those of this node
     */
    DrainLoop(Stores stores, SluiceConfig config, LiveOrders liveOrders, Metrics metrics, Time time) {
        this.stores = stores;
        this.queue = stores.queue();
        this.store = stores.store();
        this.batchMax = config.overflow().drainBatchMax();
        this.deadlineMs = config.writer().deadlineMs();
        this.liveOrders = liveOrders;
        this.watch = new OverflowWatch(queue, metrics, time::nanos, time::epochMs);
        this.time = time;
        this.retries = new RetryQueue(Math.max(DrainMachine.ALONE_MIN, batchMax));
        this.machine = new DrainMachine(batchMax, retries, time.nanos());
        this.settlements = new SettlementQueue(queue, stores.deadLetters(), retries, watch, time::nanos);
        this.inserting = new Incident(LOG, "drain: PostgreSQL", time::nanos);
    }

    /** Begins; to be called once. */
    void start() {
        guarded(this::resume);
    }

    /** Looks how busy live orders are; to be called every few milliseconds. */
    void tick() {
        machine.observe(liveOrders.pending(), liveOrders.batchesCommitted(), time.nanos());
    }

    /** Looks how full the overflow is, for metrics and operators; to be called every second. Never fails. */
    Future<Void> look() {
        return watch.look();
    }

    /** Ends after the step that is under way; completes then. What is not settled by then is delivered again. */
    Future<Void> stop() {
        machine.stop();
        if (machine.isPaused()) {
            guarded(this::step);
        }
        return stopped.future();
    }

    /** Stops, then closes the stores. */
    Future<Void> close() {
        return stop().eventually(stores::close);
    }

    DrainState state() {
        return machine.state();
    }

    /** A fresh look at the overflow, for operators. Never fails. */
    Future<Status> status() {
        return watch.look().map(looked -> watch.status(state().label()));
    }

    DeadLetters deadLetters() {
        return stores.deadLetters();
    }

    /** A step asks for the next one as its last act: where it throws, the loop must be set going again here. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the drain broke in a way that was not foreseen; it reads its entries again", e);
            settlements.forget();
            execute(machine.onBroken());
        }
    }

    private void resume() {
        if (machine.state() != DrainState.STOPPED) {
            machine.resume();
            step();
        }
    }

    private void step() {
        execute(machine.next(queue.isUp(), store.isUp(), settlements.owed(), time.nanos()));
    }

    private void execute(Step step) {
        if (step instanceof Read read) {
            read(read.max());
        } else if (step instanceof Insert insert) {
            insert(insert);
        } else if (step instanceof Pause pause) {
            time.after(pause.ms(), () -> guarded(this::resume));
        } else if (step instanceof Step.Act act) {
            switch (act) {
                case SETTLE -> settle();
                case SETTLE_BESIDE -> settleBeside();
                case AWAIT_SETTLEMENT -> settlements.running().onComplete(end -> guarded(this::step));
                case END -> settlements.running().onComplete(end -> stopped.tryComplete());
            }
        }
    }

    private void read(int max) {
        Future<List<Delivery>> reading = ahead == null ? beginRead(max) : ahead;
        ahead = null;
        reading.onComplete(result -> guarded(() -> {
            if (result.succeeded()) {
                settlements.add(machine.onRead(result.result(), time.nanos()));
            } else {
                settlements.queueFailed(result.cause());
                machine.onReadFailed();
            }
            step();
        }));
    }

    private Future<List<Delivery>> beginRead(int max) {
        Predicate<Delivery> isNew = retries.unlessReadBefore();
        return queue.read(max)
                .map(deliveries -> deliveries.stream().filter(isNew).toList());
    }

    private void insert(Insert insert) {
        List<Order> orders =
                insert.batch().leaders().stream().map(QueuedEntry::order).toList();
        Deadline deadline = Deadline.after(insert.beganNanos(), deadlineMs);
        if (insert.readsAhead()) {
            ahead = beginRead(batchMax); // before the insert: if it throws, no insert is under way
        }
        Future<List<Outcome>> outcomes = insert.halved()
                ? Bisection.insertHalved(store::insert, orders, deadline)
                : Bisection.insert(store::insert, orders, deadline);
        outcomes.onComplete(done -> guarded(() -> inserted(insert, done.result())));
    }

    private void inserted(Insert insert, List<Outcome> outcomes) {
        BatchResult result = machine.onInserted(insert, outcomes, time.nanos());
        if (result.hasOutage()) {
            inserting.failed(result.outage());
        } else {
            inserting.over();
        }
        settlements.add(result.owed());
        step();
    }

    private void settle() {
        settlements
                .settle()
                .onComplete(end -> guarded(() -> {
                    machine.onSettled(end.result());
                    step();
                }));
    }

    /** The steps meanwhile do not need its end: what it could not settle is owed again, or read again. */
    private void settleBeside() {
        settlements.settle().onComplete(end -> LOG.debug("settled beside an insert: {}", end.result()));
        step();
    }
}
