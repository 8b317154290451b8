package dev.sluice.drain;

/**
 * The drain's bounds and pauses.
 *
 * @param batchMax orders in one insert, and deliveries held that have not failed alone
 * @param deadlineMs of one insert, bisection included
 * @param idleMs between two reads of an empty queue, and between two looks at a store that is away
 * @param retryMs pause after a first failure; doubles with each one that follows
 * @param retryMaxMs where it stops doubling
 */
public record DrainOptions(int batchMax, long deadlineMs, long idleMs, long retryMs, long retryMaxMs) {

    private static final long IDLE_MS = 50;
    private static final long RETRY_MS = 50;
    private static final long RETRY_MAX_MS = 250;

    public DrainOptions {
        if (batchMax < 1 || deadlineMs < 1 || idleMs < 1 || retryMs < 1 || retryMaxMs < retryMs) {
            throw new IllegalArgumentException("drain bounds must be at least 1, and retryMaxMs at least retryMs");
        }
    }

    /** With the pauses that suit a node. */
    public static DrainOptions of(int batchMax, long deadlineMs) {
        return new DrainOptions(batchMax, deadlineMs, IDLE_MS, RETRY_MS, RETRY_MAX_MS);
    }
}
