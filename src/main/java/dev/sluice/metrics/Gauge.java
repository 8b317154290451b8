package dev.sluice.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * A number that goes up and down. A gauge is either added to or set. Adding is for any thread and any number of owners,
 * whose sum it shows: each takes back what it added, also when it is undeployed; one addition takes 3 to 5 ns of CPU.
 * Setting is for one owner. A gauge that is off ignores both.
 */
public final class Gauge {

    private final boolean on;
    private final LongAdder added = new LongAdder();
    private volatile double set;

    Gauge(boolean on) {
        this.on = on;
    }

    /** {@code amount} came. */
    public void add(long amount) {
        if (on) {
            added.add(amount);
        }
    }

    /** {@code amount} left. */
    public void subtract(long amount) {
        add(-amount);
    }

    /** Shows {@code value} from now on. */
    public void set(double value) {
        if (on) {
            set = value;
        }
    }

    /** Shows 1 where {@code holds}, else 0. */
    public void set(boolean holds) {
        set(holds ? 1 : 0);
    }

    /** The value; 0 until the first change, and while off. */
    public double now() {
        return set + added.sum();
    }
}
