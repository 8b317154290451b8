package dev.sluice.load;

/**
 * The closed model: every connection sends its next request when it has the answer to the last. It finds the most a
 * server can do; its latencies flatter, as a stalled server is asked nothing meanwhile.
 */
public final class ClosedSchedule implements Schedule {

    private final long endNanos;

    public ClosedSchedule(long endNanos) {
        this.endNanos = endNanos;
    }

    @Override
    public boolean isDue(long nowNanos) {
        return nowNanos - endNanos < 0;
    }

    @Override
    public long take(long nowNanos) {
        return nowNanos;
    }

    @Override
    public long nextNanos(long nowNanos) {
        return endNanos;
    }

    @Override
    public boolean isOver(long nowNanos) {
        return !isDue(nowNanos);
    }

    @Override
    public long late() {
        return 0;
    }

    @Override
    public long skipped() {
        return 0;
    }
}
