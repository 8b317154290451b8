package dev.sluice.metrics;

/**
 * A number that somebody looks up now and then, shown as it was last; 0 until set. One owner sets it, any thread may
 * read it. Shown also while recording is off, as it tells of a state and costs nothing on the way of an order.
 */
public final class Reading {

    private volatile double last;

    /** Shows this from now on. */
    public void set(double now) {
        last = now;
    }

    /** What was last set. */
    public double last() {
        return last;
    }
}
