package dev.sluice.store.redis;

import java.util.concurrent.TimeUnit;

/**
 * How fast entries leave the queue, whichever node drains them, from how many ever left. Pure: time comes in as an
 * argument. One thread.
 */
final class LeavingRate {

    /** Weight of the newest interval; the last few intervals decide. */
    private static final double NEWEST_WEIGHT = 0.3;

    private static final long INTERVAL_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(200);

    private double perSecond;
    private long left = -1;
    private long sinceNanos;

    /** So many have left by now; fewer than before where the queue is another one. */
    void observe(long leftByNow, long nowNanos) {
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
    double perSecond() {
        return perSecond;
    }
}
