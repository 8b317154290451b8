package dev.sluice.load;

/**
 * When requests leave: at fixed times whatever the server does ({@link OpenSchedule}), or whenever a connection is free
 * ({@link ClosedSchedule}). Pure: it is told what time it is. One thread.
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
}
