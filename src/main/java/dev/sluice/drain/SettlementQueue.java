package dev.sluice.drain;

import dev.sluice.log.Incident;
import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.StoreFailure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What PostgreSQL has decided and the overflow does not know yet. One settlement runs at a time; what is added meanwhile
 * waits for the next one. Owned by the drain's event loop.
 */
final class SettlementQueue {

    private static final Logger LOG = LoggerFactory.getLogger(SettlementQueue.class);

    /** What is to be settled. */
    enum Owed {
        NOTHING,
        /** Something, after the settlement that runs. */
        AFTER_RUNNING,
        /** Entries whose orders are stored, or that have no order. */
        ENTRIES,
        /** Dead letters too: they may meet their bound, at which the drain pauses. */
        DEAD_LETTERS
    }

    /** How a settlement ended. */
    enum End {
        SETTLED,
        /** Only dead letters are left, and their bound is reached. */
        DEAD_LETTERS_FULL,
        /** What surely was not settled is owed again; the rest is read again. */
        FAILED
    }

    /**
     * What is settled, in this order; dead letters come last because they alone can meet a bound. Immutable.
     *
     * @param stored orders that have a row now
     * @param done entries of the stored orders, and those without an order
     * @param dead dead letters to be, and the entries that are spent once these are
     */
    record Unsettled(List<Order> stored, List<Settlement> done, List<Settlement> dead) {

        private static final Unsettled NOTHING = new Unsettled(List.of(), List.of(), List.of());

        Unsettled {
            stored = List.copyOf(stored);
            done = List.copyOf(done);
            dead = List.copyOf(dead);
        }

        Unsettled and(Unsettled more) {
            return new Unsettled(both(stored, more.stored), both(done, more.done), both(dead, more.dead));
        }

        private static <T> List<T> both(List<T> before, List<T> more) {
            return Stream.concat(before.stream(), more.stream()).toList();
        }
    }

    private final DrainQueue queue;
    private final DeadLetters deadLetters;
    private final RetryQueue retries;
    private final OverflowWatch watch;
    private final Incident settling;
    private final Incident full;

    private Unsettled waiting = Unsettled.NOTHING;

    /** What is left of the settlement that runs. */
    private Unsettled inFlight = Unsettled.NOTHING;

    private @Nullable Future<End> running;

    SettlementQueue(
            DrainQueue queue,
            DeadLetters deadLetters,
            RetryQueue retries,
            OverflowWatch watch,
            LongSupplier nanoClock) {
        this.queue = queue;
        this.deadLetters = deadLetters;
        this.retries = retries;
        this.watch = watch;
        this.settling = new Incident(LOG, "drain: the overflow", nanoClock);
        this.full = new Incident(LOG, "drain paused, no room for a dead letter", nanoClock);
    }

    void add(Unsettled more) {
        waiting = waiting.and(more);
    }

    /** Entries without an order. */
    void add(List<Settlement> spent) {
        waiting = waiting.and(new Unsettled(List.of(), spent, List.of()));
    }

    Owed owed() {
        if (waiting.done.isEmpty() && waiting.dead.isEmpty()) {
            return Owed.NOTHING;
        }
        if (running != null) {
            return Owed.AFTER_RUNNING;
        }
        return waiting.dead.isEmpty() ? Owed.ENTRIES : Owed.DEAD_LETTERS;
    }

    /** The end of the settlement that runs; there already where none does. Never fails. */
    Future<End> running() {
        return running == null ? Future.succeededFuture(End.SETTLED) : running;
    }

    /** Settles all that waits; not while another one runs. Never fails. */
    Future<End> settle() {
        inFlight = waiting;
        waiting = Unsettled.NOTHING;
        Future<End> end = Future.succeededFuture()
                .compose(begun -> resolve())
                .compose(resolved -> settleDone())
                .compose(done -> settleDead())
                .transform(result -> {
                    running = null;
                    return Future.succeededFuture(ended(result));
                });
        running = end.isComplete() ? null : end;
        return end;
    }

    /** Dead letters of what is stored now. A second try repeats it, which is harmless. */
    private Future<Void> resolve() {
        return inFlight.stored.isEmpty() || !watch.mayHaveDeadLetters()
                ? Future.succeededFuture()
                : deadLetters.resolve(inFlight.stored);
    }

    private Future<Void> settleDone() {
        return settle(inFlight.done).onSuccess(settled -> {
            watch.drained(inFlight.stored.size());
            inFlight = new Unsettled(List.of(), List.of(), inFlight.dead);
        });
    }

    private Future<Void> settleDead() {
        return settle(inFlight.dead).onSuccess(settled -> {
            watch.died(inFlight.dead);
            inFlight = Unsettled.NOTHING;
        });
    }

    private Future<Void> settle(List<Settlement> some) {
        return some.isEmpty()
                ? Future.succeededFuture()
                : queue.settle(some).onSuccess(settled -> retries.release(some));
    }

    private End ended(AsyncResult<?> result) {
        if (result.failed()) {
            return notSettled(result.cause());
        }
        settling.over();
        full.over();
        return End.SETTLED;
    }

    /**
     * What surely was not settled is owed again; what perhaps was is read again, and what is stored is found then. A
     * dead letter for which Redis has no memory is read again too: it must not hold up the entries that make room.
     */
    private End notSettled(Throwable error) {
        boolean refused = error instanceof StoreFailure failure && failure.kind() != StoreFailure.Kind.UNKNOWN;
        boolean refusedDead = refused && inFlight.done.isEmpty() && queue.isUp();
        boolean isFull = refusedDead && DrainQueue.DEAD_LETTERS_FULL.equals(error.getMessage());
        if (isFull || (refused && !refusedDead)) {
            waiting = inFlight.and(waiting);
        } else {
            release(inFlight);
        }
        inFlight = Unsettled.NOTHING;
        if (isFull) {
            full.failed(DrainQueue.DEAD_LETTERS_FULL);
            return End.DEAD_LETTERS_FULL;
        }
        queueFailed(error);
        return End.FAILED;
    }

    private void release(Unsettled unsettled) {
        retries.release(unsettled.done);
        retries.release(unsettled.dead);
    }

    /** The overflow failed a call: logged once per outage. */
    void queueFailed(Throwable error) {
        settling.failed(String.valueOf(error.getMessage()));
    }

    /** What waits will be read again. */
    void forget() {
        release(waiting);
        waiting = Unsettled.NOTHING;
    }
}
