package dev.sluice.drain;

import java.util.concurrent.TimeUnit;

/**
 * How fast the drain goes beside live orders. While there are none it goes at full speed; the more of them wait, the
 * longer it pauses after a batch, and the smaller its batches are, down to a fair share: a quarter of the rate that it had
 * alone, where half of its time is enough for that, and in any case a quarter of the time.
 *
 * <p>Pure: told how many live orders there are, how many orders a batch had, how long it took and what time it is.
 * One thread.
 */
final class DrainPace {

    /** Live orders on this node at which it is busy. */
    static final int BUSY_ORDERS = 8;

    static final double FAIR_SHARE = 0.25;

    /** How long a burst of live orders is remembered. */
    private static final double MEMORY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final double NEGLIGIBLE_LOAD = 0.02;
    private static final double SMALL_BATCHES_FROM_LOAD = 0.5;
    private static final int SMALL_BATCH_MIN = 32;
    private static final int SMALL_BATCH_DIVISOR = 4;

    /** What the cheapest batch cost is forgotten by so much with each batch: twice as much after 3,500 of them. */
    private static final double FORGETTING = 1.0002;

    private static final double NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    private double load;
    private long observedNanos;
    private double cheapestNanosPerOrder = Double.MAX_VALUE;
    private double owedNanos;

    DrainPace(long nowNanos) {
        observedNanos = nowNanos;
    }

    /** How many live orders wait; to be called every few milliseconds. */
    void observe(int liveOrders, long nowNanos) {
        double seen = Math.min(1, Math.max(0, liveOrders) / (double) BUSY_ORDERS);
        double kept = Math.exp(-(nowNanos - observedNanos) / MEMORY_NANOS);
        load = seen >= load ? seen : seen + (load - seen) * kept;
        observedNanos = nowNanos;
    }

    /** 0 without live orders, 1 where they are busy. */
    double load() {
        return load;
    }

    /** Whether no live orders wait, and none did lately. */
    boolean isAlone() {
        return load < NEGLIGIBLE_LOAD;
    }

    /** Orders of the next batch: live ones wait behind a small one less. */
    int batch(int max) {
        int small = Math.min(max, Math.max(SMALL_BATCH_MIN, max / SMALL_BATCH_DIVISOR));
        return load >= SMALL_BATCHES_FROM_LOAD ? small : max;
    }

    /**
     * The pause before the next batch, whole milliseconds; what is below one is owed to a later pause.
     *
     * @param orders of the batch that has just ended
     * @param workedNanos from its insert to its settlement
     */
    long pauseMs(int orders, long workedNanos) {
        double worked = Math.max(0, workedNanos);
        if (orders > 0) {
            cheapestNanosPerOrder = Math.min(cheapestNanosPerOrder * FORGETTING, worked / orders);
        }
        if (isAlone()) {
            owedNanos = 0;
            return 0;
        }
        owedNanos += load * busyPause(orders, worked);
        long ms = (long) (owedNanos / NANOS_PER_MS);
        owedNanos -= ms * NANOS_PER_MS;
        return ms;
    }

    private double busyPause(int orders, double worked) {
        double longest = worked * (1 - FAIR_SHARE) / FAIR_SHARE;
        double forTheRate = orders * cheapestNanosPerOrder / FAIR_SHARE - worked;
        return Math.min(longest, Math.max(worked, forTheRate));
    }
}
