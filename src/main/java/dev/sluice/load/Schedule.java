package dev.sluice.load;

/**
 * When requests leave: at fixed times whatever the server does ({@link OpenSchedule}), or whenever a connection is free
 * ({@link Closed}). Pure: it is told what time it is. One thread.
 */
public interface Schedule {

    /** Whether a request should leave now. */
    boolean isDue(long nowNanos);

    /** Takes one that is due; the result is the time it was meant to leave, from which its latency counts. */
    long take(long nowNanos);

    /** When to ask again, where nothing is due. */
    long nextNanos(long nowNanos);

    /** Whether nothing will be due any more. */
    boolean isOver(long nowNanos);

    /** Requests of the measured part that left more than {@link OpenSchedule#LATE_NANOS} after their time. */
    long late();

    /** Requests of the measured part that never left, as they had fallen too far behind. */
    long skipped();

    /**
     * The closed model: every connection sends its next request when it has the answer to the last. It finds the most
     * a server can do; its latencies flatter, as a stalled server is asked nothing meanwhile.
     *
     * @param endNanos nothing is due from here on
     */
    record Closed(long endNanos) implements Schedule {

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
}
