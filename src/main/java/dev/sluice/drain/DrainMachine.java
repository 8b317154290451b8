package dev.sluice.drain;

import dev.sluice.batch.Batch;
import dev.sluice.drain.RetryQueue.Commits;
import dev.sluice.drain.RetryQueue.Fate;
import dev.sluice.drain.RetryQueue.Held;
import dev.sluice.drain.RetryQueue.Piece;
import dev.sluice.order.Outcome;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides the drain's next step from what happened. {@link #next} takes the first line that holds; {@link DrainLoop}
 * executes the step, reports how it ended, and asks again.
 *
 * <pre>
 * next: the first line that holds
 *  │
 *  ├─ stopping, and nothing is owed ──────────────────────────────▶ STOPPED
 *  ├─ Redis is not connected ─────────────────────────────────────▶ REDIS_AWAY          50 ms
 *  ├─ results are owed to Redis ──▶ SETTLE ──┬─ settled ──────────▶ next
 *  │                                         ├─ dead are full ────▶ DEAD_LETTERS_FULL   1 s
 *  │                                         └─ failed ───────────▶ REDIS_AWAY          backoff
 *  ├─ the last insert met an outage ──────────────────────────────▶ POSTGRES_AWAY       backoff
 *  ├─ live orders wait ───────────────────────────────────────────▶ DRAINING            DrainPace
 *  ├─ PostgreSQL is not connected ────────────────────────────────▶ POSTGRES_AWAY       50 ms
 *  ├─ RetryQueue has a piece ─────▶ INSERT ──── results are owed ─▶ next
 *  ├─ RetryQueue has room ────────▶ READ ────┬─ entries ──────────▶ next
 *  │                                         ├─ nothing ──────────▶ IDLE or HELD_FULL   50 ms
 *  │                                         └─ failed ───────────▶ REDIS_AWAY          backoff
 *  └─ else ───────────────────────────────────────────────────────▶ HELD_FULL           50 ms
 * </pre>
 *
 * A state with a time is a pause, after which {@link #next} is asked again. Backoff is 50 ms, doubled with each failure in
 * a row, at most 250 ms. While all goes well (no failure, no live order lately, nothing to be tried again) an INSERT has
 * the next READ beside it and, beyond {@value #HALVED_MIN} orders, two transactions; a SETTLE without dead letters then
 * runs beside the next INSERT.
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
    static final int LONELY_MIN = 64;

    /** At the bound of entries that fail alone, so many others are read, so often. */
    static final int TRICKLE_ORDERS = 16;

    static final long TRICKLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final int BACKOFF_DOUBLINGS_MAX = 16;

    private static final String LONELY =
            "failed alone " + RetryQueue.LONELY_FAILURES_MAX + " times while others were stored: ";

    /** What the drain is doing, as an operator reads it. */
    enum State {
        /** The last read brought nothing. */
        IDLE,
        /** Orders are on their way into PostgreSQL. */
        DRAINING,
        /** PostgreSQL cannot be reached, or fails: entries wait where they are. */
        POSTGRES_AWAY,
        /** Redis cannot be reached, or fails. */
        REDIS_AWAY,
        /** There is no room for a dead letter: the drain waits until an operator replays or discards one. */
        DEAD_LETTERS_FULL,
        /** As many entries as a batch holds fail alone: others are read few at a time until some of them end. */
        HELD_FULL,
        /** The node leaves. */
        STOPPED;

        /** As in answers. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What the loop sees when it asks for the next step.
     *
     * @param owed what is to be settled, without what is being settled
     * @param settling whether a settlement runs beside
     * @param readingAhead whether a read was begun beside an insert and not taken yet
     */
    record Situation(
            boolean redisUp, boolean postgresUp, Owed owed, boolean settling, boolean readingAhead, long nanos) {}

    /** What is to be settled. */
    enum Owed {
        NOTHING,
        /** Entries whose orders are stored, or that hold nothing. */
        ENTRIES,
        /** Dead letters too: they may meet their bound, at which the drain pauses. */
        DEAD_LETTERS
    }

    /** An insert whose pause has not been taken. */
    private record Inserted(boolean outage, int orders, long beganNanos) {}

    private final int batchMax;
    private final RetryQueue retries;
    private final DrainPace pace;

    private State state = State.IDLE;

    /** Set from the decision to pause until {@link #resume}. */
    private Step.@Nullable Pause pause = new Step.Pause(State.IDLE, 0);

    private @Nullable Inserted inserted;
    private boolean stopping;
    private int failuresInARow;
    private long commits;
    private long commitsAtFailure;
    private long liveCommits;
    private long liveCommitsSeen;
    private long trickledNanos;

    /** A machine that pauses until it is resumed. */
    DrainMachine(int batchMax, RetryQueue retries, long nowNanos) {
        this.batchMax = batchMax;
        this.retries = retries;
        this.pace = new DrainPace(nowNanos);
        this.trickledNanos = nowNanos;
    }

    State state() {
        return state;
    }

    boolean isPaused() {
        return pause != null;
    }

    /** Looks how busy live orders are; to be called every few milliseconds. */
    void observe(int livePending, long liveBatchesCommitted, long nowNanos) {
        pace.observe(livePending, nowNanos);
        liveCommits += Math.max(0, liveBatchesCommitted - liveCommitsSeen);
        liveCommitsSeen = liveBatchesCommitted;
    }

    /** The pause is over, or the drain begins. */
    void resume() {
        pause = null;
    }

    /** No step is begun any more, but for the settlement of what is committed. */
    void stop() {
        stopping = true;
    }

    /** The next step; an {@link Step.Insert} takes its piece out of the retry queue. */
    Step next(Situation now) {
        if (stopping && (pause != null || now.owed() == Owed.NOTHING || !now.redisUp())) {
            state = State.STOPPED;
            return Step.Act.END;
        }
        if (pause != null) {
            return pause;
        }
        if (!now.redisUp()) {
            return pause(State.REDIS_AWAY, IDLE_MS);
        }
        if (now.owed() != Owed.NOTHING) {
            return settle(now);
        }
        Step.@Nullable Pause after = afterInsert(now);
        if (after != null) {
            return after;
        }
        return now.postgresUp() ? insertOrRead(now) : pause(State.POSTGRES_AWAY, IDLE_MS);
    }

    private Step.Pause pause(State because, long ms) {
        state = because;
        inserted = null;
        pause = new Step.Pause(because, ms);
        return pause;
    }

    private Step settle(Situation now) {
        if (now.settling()) {
            return Step.Act.AWAIT_SETTLEMENT;
        }
        boolean beside = now.owed() == Owed.ENTRIES && now.readingAhead() && goesWell();
        return beside ? Step.Act.SETTLE_BESIDE : Step.Act.SETTLE;
    }

    private boolean goesWell() {
        return failuresInARow == 0 && pace.isAlone() && retries.isCalm() && !stopping;
    }

    private Step.@Nullable Pause afterInsert(Situation now) {
        Inserted last = inserted;
        inserted = null;
        if (last == null) {
            return null;
        }
        if (last.outage()) {
            return pause(State.POSTGRES_AWAY, backoffMs());
        }
        long ms = pace.pauseMs(last.orders(), now.nanos() - last.beganNanos());
        return ms > 0 ? pause(State.DRAINING, ms) : null;
    }

    private long backoffMs() {
        int doublings = Math.min(BACKOFF_DOUBLINGS_MAX, Math.max(0, failuresInARow - 1));
        return Math.min(RETRY_MAX_MS, RETRY_MS << doublings);
    }

    private Step insertOrRead(Situation now) {
        boolean mayRead = mayRead(now.nanos());
        Optional<Piece> piece = retries.next(now.nanos(), mayRead);
        if (piece.isPresent()) {
            return insert(piece.get(), now);
        }
        return mayRead ? read(now.nanos()) : pause(State.HELD_FULL, IDLE_MS);
    }

    private boolean mayRead(long nowNanos) {
        boolean trickles = nowNanos - trickledNanos >= TRICKLE_NANOS;
        return retries.hasRoom() || (trickles && !retries.isFull());
    }

    private Step read(long nowNanos) {
        trickledNanos = nowNanos;
        int max = pace.batch(batchMax);
        int some = retries.hasRoom() ? max : Math.min(max, TRICKLE_ORDERS);
        return new Step.Read(some + retries.size());
    }

    private Step insert(Piece piece, Situation now) {
        state = failuresInARow == 0 ? State.DRAINING : state;
        Batch<Held> batch = Batch.of(piece.entries(), Held::order);
        boolean well = goesWell();
        boolean halved = well && batch.leaders().size() > HALVED_MIN;
        return new Step.Insert(piece, batch, halved, well && !now.readingAhead(), now.nanos());
    }

    /**
     * A read brought these.
     *
     * @param wasAhead whether it was begun ahead: if it brings nothing, there may be something now
     * @return entries that hold nothing, to be settled
     */
    List<Settlement> onRead(List<Delivery> deliveries, boolean wasAhead, long nowNanos) {
        int before = retries.size();
        List<Settlement> spent = retries.add(deliveries, new Commits(commits, liveCommits), nowNanos);
        boolean nothing = retries.size() == before && spent.isEmpty();
        if (nothing && !wasAhead && !retries.hasDue(nowNanos)) {
            pause(retries.hasRoom() ? State.IDLE : State.HELD_FULL, IDLE_MS);
        }
        return spent;
    }

    /** A read or a settlement failed. */
    void onQueueFailed() {
        failuresInARow++;
        pause(State.REDIS_AWAY, backoffMs());
    }

    /**
     * An insert ended.
     *
     * @param outcomes same index as the batch's leaders
     * @return what is to be settled, and what was left by an outage
     */
    BatchResult onInserted(Step.Insert insert, List<Outcome> outcomes, long nowNanos) {
        BatchResult result = BatchResult.of(insert.batch(), outcomes);
        commits += result.committed();
        retries.again(insert.piece().of(insert.batch().rivals()));
        int orders = insert.batch().leaders().size();
        if (!result.hasOutage()) {
            failuresInARow = 0;
            inserted = new Inserted(false, orders, insert.beganNanos());
            return result;
        }
        Piece left = insert.piece().of(result.left());
        Fate fate = retries.failed(left, neighbours(result), nowNanos);
        if (fate == Fate.WAITS) {
            failuresInARow = commits > commitsAtFailure ? 1 : failuresInARow + 1;
            commitsAtFailure = commits;
        }
        inserted = new Inserted(fate == Fate.WAITS, orders, insert.beganNanos());
        return fate == Fate.GIVEN_UP ? result.condemning(left.entries().get(0), LONELY + result.outage()) : result;
    }

    /** Live orders use other connections: they tell nothing about an entry that broke the drain's own. */
    private Commits neighbours(BatchResult result) {
        return new Commits(commits, result.answered() ? liveCommits : 0);
    }

    /** A settlement ended that did not run beside. */
    void onSettled(SettlementQueue.End end) {
        switch (end) {
            case SETTLED -> {}
            case DEAD_LETTERS_FULL -> pause(State.DEAD_LETTERS_FULL, FULL_RETRY_MS);
            case FAILED -> onQueueFailed();
        }
    }

    /** A step threw: nothing is held any more. The loop pauses, or ends where it is stopping. */
    Step onBroken() {
        retries.clear();
        Step.Pause longest = pause(state, RETRY_MAX_MS);
        if (!stopping) {
            return longest;
        }
        state = State.STOPPED;
        return Step.Act.END;
    }
}
