package dev.sluice.drain;

import dev.sluice.batch.Batch;
import dev.sluice.drain.RetryQueue.Piece;
import dev.sluice.drain.RetryQueue.QueuedEntry;

/** What the drain does next: decided by {@link DrainMachine}, executed by {@link DrainLoop}. */
sealed interface Step {

    /** Take the read that was begun ahead, else read so many. */
    record Read(int max) implements Step {}

    /**
     * Insert a batch.
     *
     * @param halved in two transactions at once
     * @param readsAhead whether the next read begins beside it
     */
    record Insert(Piece piece, Batch<QueuedEntry> batch, boolean halved, boolean readsAhead, long beganNanos)
            implements Step {}

    /** Do nothing for a while. */
    record Pause(long ms) implements Step {}

    /** Steps without arguments. */
    enum Act implements Step {
        /** Settle all that is owed. */
        SETTLE,
        /** Begin to settle it, and go on. */
        SETTLE_BESIDE,
        /** Wait for the end of the settlement that runs beside. */
        AWAIT_SETTLEMENT,
        END
    }
}
