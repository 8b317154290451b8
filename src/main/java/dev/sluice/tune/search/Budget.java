package dev.sluice.tune.search;

/**
 * The time of a search, milliseconds from its begin, and what its parts are meant to take. A bound: nothing begins that
 * would not end within it, and what lasts longer than it should is ended.
 *
 * @param totalMs all of it
 * @param reserveMs of these, for the end: nodes are stopped, the database goes, files are written
 * @param warmMs load for a node that has just started
 * @param settleMs load after a change to a running node
 * @param leadMs the part of a run that is not counted
 * @param measuredMs the part that is
 */
public record Budget(long totalMs, long reserveMs, long warmMs, long settleMs, long leadMs, long measuredMs) {

    /** Within less there is no time to warm a node and to measure one setting. */
    public static final long TOTAL_MS_MIN = 20_000;

    private static final long SETTLE_MS = 2_000;
    private static final long LEAD_MS = 500;

    /** From the start of a process to its banner; what it really takes is learned. */
    private static final long START_MS = 4_000;

    /** The parts of a search that lasts so long: in a longer one a run lasts longer, up to four seconds. */
    public static Budget of(long totalMs) {
        return new Budget(
                totalMs,
                within(totalMs / 10, 4_000, 10_000),
                within(totalMs / 40, 2_000, 10_000),
                SETTLE_MS,
                LEAD_MS,
                within(totalMs / 100, 1_000, 4_000));
    }

    private static long within(long value, long min, long max) {
        return Math.max(min, Math.min(max, value));
    }

    long runMs() {
        return leadMs + measuredMs;
    }

    long liveMs() {
        return settleMs + 1_000;
    }

    long restartMs() {
        return START_MS + warmMs;
    }

    /** When the search itself has to be over. */
    public long endMs() {
        return totalMs - reserveMs;
    }
}
