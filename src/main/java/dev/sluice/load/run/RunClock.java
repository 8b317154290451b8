package dev.sluice.load.run;

import dev.sluice.load.LoadSettings;
import dev.sluice.load.Schedule;
import java.time.Instant;
import java.util.function.LongSupplier;

/** The times of a run: warm-up, measured part, end; on a clock that is handed in. One thread. */
final class RunClock {

    static final int WARM_UP = 0;
    static final int MEASURED = 1;

    private final LoadSettings settings;
    private final LongSupplier nanos;
    private long startNanos;
    private long measuredFromNanos;
    private long endNanos;
    private Instant startedAt = Instant.EPOCH;
    private boolean interrupted;

    /** @param nanos of any origin, never going back */
    RunClock(LoadSettings settings, LongSupplier nanos) {
        this.settings = settings;
        this.nanos = nanos;
    }

    long now() {
        return nanos.getAsLong();
    }

    /** Before the run begins. */
    Schedule notYet() {
        return new Schedule.Closed(now());
    }

    /** The run begins now. */
    Schedule begin() {
        startNanos = now();
        measuredFromNanos = startNanos + settings.warmup().toNanos();
        endNanos = measuredFromNanos + settings.duration().toNanos();
        startedAt = Instant.now().plus(settings.warmup());
        double requestsPerSecond = settings.ordersPerSecond() / settings.batch();
        return settings.isOpen()
                ? new Schedule.Open(requestsPerSecond, startNanos, measuredFromNanos, endNanos)
                : new Schedule.Closed(endNanos);
    }

    /**
     * The part of the run: {@link #WARM_UP} or {@link #MEASURED}. Without a branch, here as in all that runs in both: one that was
     * never taken while the code was compiled would have it thrown away just when the measured part begins.
     */
    int part(long at) {
        return MEASURED - (int) ((at - measuredFromNanos) >>> (Long.SIZE - 1));
    }

    /** The measured part ends now, and is empty where it has not begun. */
    void interrupt(long now) {
        interrupted = true;
        measuredFromNanos = measuredFromNanos - now > 0 ? now : measuredFromNanos;
        endNanos = noLaterThanEnd(now);
    }

    boolean isInterrupted() {
        return interrupted;
    }

    boolean isPast(long now) {
        return now - endNanos >= 0;
    }

    long noLaterThanEnd(long now) {
        return isPast(now) ? endNanos : now;
    }

    long startNanos() {
        return startNanos;
    }

    long measuredFromNanos() {
        return measuredFromNanos;
    }

    long measuredNanos() {
        return endNanos - measuredFromNanos;
    }

    /** Negative during warm-up. */
    double measuredSeconds(long now) {
        return (noLaterThanEnd(now) - measuredFromNanos) / 1e9;
    }

    /** When the measured part began. */
    Instant startedAt() {
        return startedAt;
    }
}
