package dev.sluice.metrics;

/** A state that holds or not, shown as 1 or 0; 0 until set. Any thread may set it, the last one wins. */
public final class Flag {

    private volatile boolean holds;

    /** Shows 1 where {@code holds}, else 0. */
    public void set(boolean holds) {
        this.holds = holds;
    }

    /** What was last set. */
    public boolean holds() {
        return holds;
    }
}
