package dev.sluice.batch;

import java.util.concurrent.TimeUnit;

/**
 * How fast orders are committed, and from that when a refused one may be tried again. Not thread safe: owned by one
 * writer; time comes in as an argument.
 */
public final class CommitRate {

    /** Weight of the newest interval; the last few intervals decide. */
    private static final double NEWEST_WEIGHT = 0.3;

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int SECONDS_MAX = 30;

    private double perSecond;
    private long committed;
    private long sinceNanos;

    public CommitRate(long nowNanos) {
        sinceNanos = nowNanos;
    }

    /** Counts orders that were committed. */
    public void committed(int orders) {
        committed += orders;
    }

    /** Takes the interval that has passed into account; to be called a few times a second or more often. */
    public void tick(long nowNanos) {
        long elapsed = nowNanos - sinceNanos;
        if (elapsed >= INTERVAL_NANOS) {
            double newest = committed * (double) TimeUnit.SECONDS.toNanos(1) / elapsed;
            perSecond += NEWEST_WEIGHT * (newest - perSecond);
            committed = 0;
            sinceNanos = nowNanos;
        }
    }

    /**
     * When a refused order may be tried again: after the backlog at the present rate, or, while the store is away,
     * after half of the time that it has been away so far. 1 to {@value #SECONDS_MAX} seconds.
     */
    public int retryAfterSeconds(int backlog, long awayNanos) {
        double clearing = backlog == 0 ? 0 : backlog / Math.max(1, perSecond);
        double away = awayNanos / 2.0 / TimeUnit.SECONDS.toNanos(1);
        return (int) Math.min(SECONDS_MAX, Math.max(1, Math.ceil(Math.max(clearing, away))));
    }
}
