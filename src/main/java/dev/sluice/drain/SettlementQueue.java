package dev.sluice.drain;

import dev.sluice.log.Incident;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.StoreFailure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the queue what the store has decided: at once, or beside the next insert. One settlement at a time. Owned by the
 * drain's event loop.
 */
final class SettlementQueue {

    private static final Logger LOG = LoggerFactory.getLogger(SettlementQueue.class);

    private final DrainQueue queue;
    private final DeadLetters deadLetters;
    private final RetryQueue held;
    private final OverflowWatch watch;
    private final Unsettled unsettled = new Unsettled();
    private final Incident settling;
    private final Incident full;

    /** While it runs beside an insert. */
    private @Nullable Future<Void> beside;

    SettlementQueue(
            DrainQueue queue, DeadLetters deadLetters, RetryQueue held, OverflowWatch watch, LongSupplier nanoClock) {
        this.queue = queue;
        this.deadLetters = deadLetters;
        this.held = held;
        this.watch = watch;
        this.settling = new Incident(LOG, "drain: the overflow", nanoClock);
        this.full = new Incident(LOG, "drain paused, no room for a dead letter", nanoClock);
    }

    /** How a settlement ended. */
    enum End {
        SETTLED,
        /** Only dead letters are left, and their bound is reached. */
        DEAD_LETTERS_FULL,
        /** What surely was not settled is kept; the rest is read again. */
        FAILED
    }

    void take(BatchResult judgement) {
        unsettled.take(judgement, watch.mayHaveDeadLetters());
    }

    /** Entries that hold nothing any more. */
    void take(List<Settlement> spent) {
        unsettled.take(spent);
    }

    /** Whether something is to be settled and nobody is at it. */
    boolean isOwing() {
        return !unsettled.isEmpty() && beside == null;
    }

    /** A dead letter may meet its bound, for which the drain pauses. */
    boolean mayGoBeside() {
        return !unsettled.hasDead();
    }

    /** Settles while the drain goes on; {@link #afterBeside} is to be heard before the next settlement. */
    void beginBeside() {
        beside = settleAll();
    }

    private Future<Void> settleAll() {
        return unsettled.settle(queue, deadLetters, held, watch);
    }

    /** Runs it when nothing is being settled beside; at once where nothing is. */
    void afterBeside(Runnable action) {
        Future<Void> running = beside;
        if (running == null) {
            action.run();
            return;
        }
        running.onComplete(result -> {
            beside = null;
            ended(result);
            action.run();
        });
    }

    private void ended(AsyncResult<Void> result) {
        if (result.succeeded()) {
            settling.over();
        } else {
            failed(result.cause());
            forgetUnlessRefused(result.cause());
        }
    }

    /** Settles all there is; not while something is settled beside. Never fails. */
    Future<End> settle() {
        if (unsettled.isEmpty()) {
            return Future.succeededFuture(End.SETTLED);
        }
        return settleAll().transform(result -> Future.succeededFuture(end(result)));
    }

    private End end(AsyncResult<Void> result) {
        if (result.failed()) {
            return notSettled(result.cause());
        }
        settling.over();
        full.over();
        return End.SETTLED;
    }

    /**
     * What surely was not settled is settled later; what perhaps was is read again, and what is stored is found then. A
     * dead letter for which there is no memory is read again too: it must not hold up those who would make room.
     */
    private End notSettled(Throwable error) {
        boolean refusedDead = forgetUnlessRefused(error) && unsettled.isDeadOnly() && queue.isUp();
        if (refusedDead && DrainQueue.DEAD_LETTERS_FULL.equals(error.getMessage())) {
            full.failed(DrainQueue.DEAD_LETTERS_FULL);
            return End.DEAD_LETTERS_FULL;
        }
        if (refusedDead) {
            forget();
        }
        failed(error);
        return End.FAILED;
    }

    private boolean forgetUnlessRefused(Throwable error) {
        boolean refused = error instanceof StoreFailure failure && failure.kind() != StoreFailure.Kind.UNKNOWN;
        if (!refused) {
            forget();
        }
        return refused;
    }

    /** Says that the queue failed, once for each time. */
    void failed(Throwable error) {
        settling.failed(String.valueOf(error.getMessage()));
    }

    /** What is not settled will be read again. */
    void forget() {
        unsettled.forget(held);
    }
}
