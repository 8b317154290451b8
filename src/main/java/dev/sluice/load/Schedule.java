package dev.sluice.load;

/**
 * When requests leave: at fixed times whatever the server does ({@link Open}), or whenever a connection is free
 * ({@link Closed}). Pure: it is told what time it is. One thread.
 */
public interface Schedule {

    /** Whether a request should leave now. */
    boolean isDue(long nowNanos);

    /** Takes one that is due; the result is the time it was meant to leave, from which its latency counts. */
    long take(long nowNanos);

    /** When to ask again, where nothing is due. */
    long nextNanos(long nowNanos);

    /** Nothing is due from here on; what has fallen due and has not left never will. */
    void endAt(long nowNanos);

    /** Whether nothing will be due any more. */
    boolean isOver(long nowNanos);

    /** Requests of the measured part that left more than {@link Open#LATE_NANOS} after their time. */
    long late();

    /** Requests of the measured part that never left, as they had fallen too far behind. */
    long skipped();

    /**
     * The closed model: every connection sends its next request when it has the answer to the last. It finds the most
     * a server can do; its latencies flatter, as a stalled server is asked nothing meanwhile.
     */
    final class Closed implements Schedule {

        private long endNanos;

        /** @param endNanos nothing is due from here on */
        public Closed(long endNanos) {
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
        public void endAt(long nowNanos) {
            endNanos = nowNanos;
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

    /**
     * The open model: request k is meant to leave at start + k / rate, evenly, whether or not the server kept up with
     * those before it. A stalled server does not slow the clients down, and each request that waits for a connection has
     * that wait in its latency.
     *
     * <p>A request that could not leave within {@link #SKIP_NANOS} of its time never does, and is counted: what waits in
     * the client is bounded by rate × that time, and needs no memory. What warm-up left behind is dropped when the measured
     * part begins: it must not answer for a server that was still cold. So that this is nothing new then, and the code for it
     * compiled, warm-up drops what is left of each {@link #SLOT_BITS slot} before.
     */
    final class Open implements Schedule {

        /** Beyond this a request counts as late, nanoseconds. */
        public static final long LATE_NANOS = 1_000_000;

        /** Beyond this a request is skipped, nanoseconds. */
        public static final long SKIP_NANOS = 5_000_000_000L;

        /** Slots of the warm-up, each 2^27 ns (134 ms) long; the last one ends where the measured part begins. */
        private static final int SLOT_BITS = 27;

        private final long startNanos;
        private final long measuredFromNanos;
        private long endNanos;
        private final double nanosPerRequest;
        private long next;
        private long nextNanos;
        private long late;
        private long skipped;

        /**
         * A schedule from start to end.
         *
         * @param requestsPerSecond above 0
         * @param measuredFromNanos before it is warm-up, where nothing is counted
         * @param endNanos nothing is meant to leave from here on
         */
        public Open(double requestsPerSecond, long startNanos, long measuredFromNanos, long endNanos) {
            if (!(requestsPerSecond > 0)) {
                throw new IllegalArgumentException("a rate is above 0, not " + requestsPerSecond);
            }
            this.startNanos = startNanos;
            this.measuredFromNanos = measuredFromNanos;
            this.endNanos = endNanos;
            this.nanosPerRequest = 1e9 / requestsPerSecond;
            this.nextNanos = startNanos;
        }

        @Override
        public boolean isDue(long nowNanos) {
            while (hasNext() && (nowNanos - nextNanos > SKIP_NANOS || isLeftOver(nowNanos))) {
                skipped += countsIfMeasured();
                advance();
            }
            return hasNext() && nowNanos - nextNanos >= 0;
        }

        @Override
        public long take(long nowNanos) {
            long intended = nextNanos;
            late += countsIfMeasured() & (int) ((LATE_NANOS - (nowNanos - intended)) >>> (Long.SIZE - 1));
            advance();
            return intended;
        }

        @Override
        public long nextNanos(long nowNanos) {
            return nextNanos;
        }

        /** What waits is skipped. */
        @Override
        public void endAt(long nowNanos) {
            while (hasNext() && nextNanos - nowNanos < 0) {
                skipped += countsIfMeasured();
                advance();
            }
            endNanos = nextNanos;
        }

        @Override
        public boolean isOver(long nowNanos) {
            return !isDue(nowNanos) && !hasNext();
        }

        @Override
        public long late() {
            return late;
        }

        @Override
        public long skipped() {
            return skipped;
        }

        private boolean hasNext() {
            return nextNanos - endNanos < 0;
        }

        /** Whether it belongs to a slot of the warm-up that is over. Without a branch, as what follows: see the clock of the run. */
        private boolean isLeftOver(long nowNanos) {
            long intended = nextNanos - measuredFromNanos;
            long slotsSince = (intended >> SLOT_BITS) - ((nowNanos - measuredFromNanos) >> SLOT_BITS);
            return (intended & slotsSince) < 0;
        }

        private int countsIfMeasured() {
            return 1 - (int) ((nextNanos - measuredFromNanos) >>> (Long.SIZE - 1));
        }

        /** From the start each time: a rounding error per request would drift. */
        private void advance() {
            next++;
            nextNanos = startNanos + Math.round(next * nanosPerRequest);
        }
    }
}
