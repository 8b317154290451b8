package dev.sluice.load;

import org.HdrHistogram.Histogram;

/**
 * How far the client itself ran behind: the time between when its loop meant to look at the schedule and when it did.
 * A server that is slow does not show here; a client without processor time, or one that collects garbage, does.
 *
 * <p>The loop looks at least every {@link #LOOK_NANOS}, so a lag of that kind is what requests due meanwhile suffered.
 * One thread.
 */
public final class ScheduleLag {

    /** The loop of an open run means to look at least this often, nanoseconds. */
    public static final long LOOK_NANOS = 1_000_000;

    /** What a run may be behind without harm to a percentile in milliseconds. */
    private static final long TOLERATED_NANOS = 5_000_000;

    /** The share of the time a valid run may be further behind. */
    private static final double BEHIND_SHARE_MAX = 0.01;

    private final Histogram micros = new Histogram(3);
    private long behindNanos;

    /** Notes one look. */
    public void looked(long plannedNanos, long nowNanos) {
        long lag = Math.max(0, nowNanos - plannedNanos);
        micros.recordValue(lag / 1_000);
        if (lag > TOLERATED_NANOS) {
            behindNanos += lag;
        }
    }

    /** Share of the given time during which the client was more than 5 ms behind, 0 to 1. */
    public double behindShare(long measuredNanos) {
        return measuredNanos <= 0 ? 0 : Math.min(1, (double) behindNanos / measuredNanos);
    }

    /** Whether the client kept up well enough for its figures to be the server's. */
    public boolean keptUp(long measuredNanos) {
        return behindShare(measuredNanos) <= BEHIND_SHARE_MAX;
    }

    /** Percentile of the lag over all looks, milliseconds. */
    public double percentileMs(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }

    /** The worst, milliseconds. */
    public double maxMs() {
        return micros.getMaxValue() / 1e3;
    }
}
