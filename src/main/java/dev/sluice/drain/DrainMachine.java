package dev.sluice.drain;

import dev.sluice.batch.Batch;
import dev.sluice.drain.RetryQueue.Fate;
import dev.sluice.drain.RetryQueue.Piece;
import dev.sluice.drain.RetryQueue.QueuedEntry;
import dev.sluice.drain.SettlementQueue.Owed;
import dev.sluice.order.Outcome;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides the drain's next step from what happened; ARCHITECTURE.md has the picture. {@link DrainLoop} executes the step,
 * reports how it ended, and asks again.
 *
 * <p>Backoff is {@value #RETRY_MS} ms, doubled with each failure in a row, at most {@value #RETRY_MAX_MS} ms. While all
 * goes well (no failure, no live order lately, nothing to be tried again) an insert has the next read beside it and,
 * beyond {@value #HALVED_MIN} orders, two transactions; a settlement without dead letters then runs beside the next insert.
 *
 * <p>Pure: time and what the stores show come in as arguments. Not thread safe.
 */
final class DrainMachine {

    static final long IDLE_MS = 50;
    static final long RETRY_MS = 50;
    static final long RETRY_MAX_MS = 250;
    static final long FULL_RETRY_MS = 1_000;

    /** Orders beyond which a batch is worth two transactions, one on each connection. */
    static final int HALVED_MIN = 128;

    /** Entries that fail alone do not stop the drain below this number, however small its batches are. */
    static final int ALONE_MIN = 64;

    private static final String FAILED_ALONE =
            "failed alone " + RetryQueue.ALONE_FAILURES_MAX + " times while others were stored: ";

    private final int batchMax;
    private final RetryQueue retries;
    private final DrainPace pace;

    private DrainState state = DrainState.IDLE;

    /** Set from the decision to pause until {@link #resume}. */
    private Step.@Nullable Pause pause = new Step.Pause(0);

    /** The last insert, until the pause after it is decided. */
    private Step.@Nullable Insert inserted;

    private boolean outage;
    private boolean readingAhead;
    private boolean stopping;

    /** The pause after the last failure; 0 while nothing fails. */
    private long backoffMs;

    /** A machine that pauses until it is resumed. */
    DrainMachine(int batchMax, RetryQueue retries, long nowNanos) {
        this.batchMax = batchMax;
        this.retries = retries;
        this.pace = new DrainPace(nowNanos);
    }

    DrainState state() {
        return state;
    }

    boolean isPaused() {
        return pause != null;
    }

    /** Looks how busy live orders are; to be called every few milliseconds. */
    void observe(int livePending, long liveBatchesCommitted, long nowNanos) {
        pace.observe(livePending, nowNanos);
        retries.observeLive(liveBatchesCommitted);
    }

    /** The pause is over, or the drain begins. */
    void resume() {
        pause = null;
    }

    /** From now on only the settlement of what is committed begins. */
    void stop() {
        stopping = true;
    }

    /** The next step; an {@link Step.Insert} takes its piece out of the retry queue. */
    Step next(boolean redisUp, boolean postgresUp, Owed owed, long nowNanos) {
        if (stopping && (pause != null || owed == Owed.NOTHING || !redisUp)) {
            return end();
        }
        if (pause != null) {
            return pause;
        }
        if (!redisUp) {
            return pause(DrainState.REDIS_AWAY, IDLE_MS);
        }
        if (owed != Owed.NOTHING) {
            return settle(owed);
        }
        Step.@Nullable Pause after = afterInsert(nowNanos);
        if (after != null) {
            return after;
        }
        return postgresUp ? insertOrRead(nowNanos) : pause(DrainState.POSTGRES_AWAY, IDLE_MS);
    }

    private Step end() {
        state = DrainState.STOPPED;
        return Step.Act.END;
    }

    private Step.Pause pause(DrainState because, long ms) {
        state = because;
        inserted = null;
        pause = new Step.Pause(ms);
        return pause;
    }

    private Step settle(Owed owed) {
        if (owed == Owed.AFTER_RUNNING) {
            return Step.Act.AWAIT_SETTLEMENT;
        }
        return owed == Owed.ENTRIES && readingAhead && goesWell() ? Step.Act.SETTLE_BESIDE : Step.Act.SETTLE;
    }

    private boolean goesWell() {
        return backoffMs == 0 && pace.isAlone() && retries.isCalm() && !stopping;
    }

    private Step.@Nullable Pause afterInsert(long nowNanos) {
        Step.Insert last = inserted;
        inserted = null;
        if (last == null) {
            return null;
        }
        if (outage) {
            return pause(DrainState.POSTGRES_AWAY, backoffMs);
        }
        long ms = pace.pauseMs(last.batch().leaders().size(), nowNanos - last.beganNanos());
        return ms > 0 ? pause(DrainState.DRAINING, ms) : null;
    }

    private Step insertOrRead(long nowNanos) {
        int room = retries.room(pace.batch(batchMax), nowNanos);
        Optional<Piece> piece = retries.next(nowNanos, room > 0);
        if (piece.isPresent()) {
            return insert(piece.get(), nowNanos);
        }
        return room > 0 ? new Step.Read(room + retries.size()) : pause(DrainState.HELD_FULL, IDLE_MS);
    }

    private Step insert(Piece piece, long nowNanos) {
        state = backoffMs == 0 ? DrainState.DRAINING : state;
        Batch<QueuedEntry> batch = Batch.of(piece.entries(), QueuedEntry::order);
        boolean well = goesWell();
        boolean halved = well && batch.leaders().size() > HALVED_MIN;
        boolean readsAhead = well && !readingAhead;
        readingAhead |= readsAhead;
        return new Step.Insert(piece, batch, halved, readsAhead, nowNanos);
    }

    /**
     * A read brought these. If one that was begun ahead brings nothing, the next one follows at once: there may be
     * something now.
     *
     * @return entries without an order, to be settled
     */
    List<Settlement> onRead(List<Delivery> deliveries, long nowNanos) {
        boolean wasAhead = readingAhead;
        readingAhead = false;
        int before = retries.size();
        List<Settlement> spent = retries.add(deliveries, nowNanos);
        boolean nothing = retries.size() == before && spent.isEmpty();
        if (nothing && !wasAhead && !retries.hasDue(nowNanos)) {
            pause(retries.hasRoom() ? DrainState.IDLE : DrainState.HELD_FULL, IDLE_MS);
        }
        return spent;
    }

    void onReadFailed() {
        readingAhead = false;
        queueFailed();
    }

    private void queueFailed() {
        failed();
        pause(DrainState.REDIS_AWAY, backoffMs);
    }

    private void failed() {
        backoffMs = backoffMs == 0 ? RETRY_MS : Math.min(RETRY_MAX_MS, 2 * backoffMs);
    }

    /**
     * An insert ended.
     *
     * @param outcomes same index as the batch's leaders
     * @return what is to be settled, and what was left by an outage
     */
    BatchResult onInserted(Step.Insert insert, List<Outcome> outcomes, long nowNanos) {
        BatchResult result = BatchResult.of(insert.batch(), outcomes);
        inserted = insert;
        outage = false;
        retries.committed(result.committed());
        retries.again(insert.piece().of(insert.batch().rivals()));
        if (result.committed() > 0 || !result.hasOutage()) {
            backoffMs = 0;
        }
        return result.hasOutage() ? afterOutage(insert.piece().of(result.left()), result, nowNanos) : result;
    }

    private BatchResult afterOutage(Piece left, BatchResult result, long nowNanos) {
        Fate fate = retries.failed(left, result.answered(), nowNanos);
        if (fate == Fate.WAITS) {
            outage = true;
            failed();
        }
        return fate == Fate.GIVEN_UP
                ? result.condemning(left.entries().get(0), FAILED_ALONE + result.outage())
                : result;
    }

    /** A settlement ended that did not run beside. */
    void onSettled(SettlementQueue.End end) {
        switch (end) {
            case SETTLED -> {}
            case DEAD_LETTERS_FULL -> pause(DrainState.DEAD_LETTERS_FULL, FULL_RETRY_MS);
            case FAILED -> queueFailed();
        }
    }

    /** A step threw: its entries are read again after a pause, unless the drain is stopping. */
    Step onBroken() {
        retries.clear();
        Step.Pause longest = pause(state, RETRY_MAX_MS);
        return stopping ? end() : longest;
    }
}
