package dev.sluice.batch;

import java.util.concurrent.TimeUnit;

/**
 * How fast orders leave a buffer or a queue, from how many ever left, and from that when a refused order may be tried
 * again. Pure: time comes in as an argument. One thread.
 */
public final class OrderRate {

    /** Weight of the newest interval; the last few intervals decide. */
    private static final double NEWEST_WEIGHT = 0.3;

    private static final long INTERVAL_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int SECONDS_MAX = 30;

    private double perSecond;
    private long counted;
    private long left = -1;
    private long sinceNanos;

    /** Counts orders that left, for {@link #observe(long)}. */
    public void count(int orders) {
        counted += orders;
    }

    /** Takes the interval that has passed into account, by the own count; to be called a few times a second or more often. */
    public void observe(long nowNanos) {
        observe(counted, nowNanos);
    }

    /**
     * Takes the interval that has passed into account, by the count of another.
     *
     * @param leftByNow how many ever left; fewer than before where the queue is another one
     */
    public void observe(long leftByNow, long nowNanos) {
        if (left < 0 || leftByNow < left) {
            perSecond = 0;
            left = leftByNow;
            sinceNanos = nowNanos;
            return;
        }
        long elapsed = nowNanos - sinceNanos;
        if (elapsed >= INTERVAL_NANOS_MIN) {
            double newest = (leftByNow - left) * (double) TimeUnit.SECONDS.toNanos(1) / elapsed;
            perSecond = perSecond == 0 ? newest : perSecond + NEWEST_WEIGHT * (newest - perSecond);
            left = leftByNow;
            sinceNanos = nowNanos;
        }
    }

    /** 0 where none left yet. */
    public double perSecond() {
        return perSecond;
    }

    /** How long so many orders take at the present rate. */
    public double secondsFor(long orders) {
        return orders / Math.max(1, perSecond);
    }

    /**
     * When a refused order may be tried again: after what waits before it, or, while the store is away, after half of the
     * time that it has been away so far. 1 to {@value #SECONDS_MAX} seconds.
     *
     * @param waiting orders that are to leave
     * @param emptyingSeconds until the overflow is empty
     */
    public int retryAfterSeconds(int waiting, double emptyingSeconds, long awayNanos) {
        double away = awayNanos / 2.0 / TimeUnit.SECONDS.toNanos(1);
        double longest = Math.max(Math.max(secondsFor(waiting), emptyingSeconds), away);
        return (int) Math.min(SECONDS_MAX, Math.max(1, Math.ceil(longest)));
    }
}
