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

    /** How long so many orders take at the present rate. */
    public double secondsFor(long orders) {
        return orders / Math.max(1, perSecond);
    }

    /**
     * When a refused order may be tried again: after what waits before it, or, while the store is away, after half of the
     * time that it has been away so far. 1 to {@value #SECONDS_MAX} seconds.
     *
     * @param waiting orders that are to be committed
     * @param emptyingSeconds until the overflow is empty
     */
    public int retryAfterSeconds(int waiting, double emptyingSeconds, long awayNanos) {
        double away = awayNanos / 2.0 / TimeUnit.SECONDS.toNanos(1);
        double longest = Math.max(Math.max(secondsFor(waiting), emptyingSeconds), away);
        return (int) Math.min(SECONDS_MAX, Math.max(1, Math.ceil(longest)));
    }
}
