package dev.sluice.writer;

/**
 * Tells a blink from an outage: while the store is away for less than the grace, orders wait for it; beyond, they are
 * refused at once.
 */
final class Outage {

    private final long graceNanos;
    private boolean away;
    private long sinceNanos;

    Outage(long graceNanos) {
        this.graceNanos = graceNanos;
    }

    void observe(boolean up, long nowNanos) {
        if (up) {
            away = false;
        } else if (!away) {
            away = true;
            sinceNanos = nowNanos;
        }
    }

    /** How long the store has been away, 0 while it is there. */
    long awayNanos(long nowNanos) {
        return away ? nowNanos - sinceNanos : 0;
    }

    /** Whether the store has been away for longer than the grace. */
    boolean isLasting(boolean up, long nowNanos) {
        observe(up, nowNanos);
        return away && nowNanos - sinceNanos > graceNanos;
    }
}
