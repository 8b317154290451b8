package dev.sluice.store;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * A clock that stands still until a test moves it, and the timers that hang on it. It begins half a second before
 * {@link System#nanoTime()} would wrap: code that compares instants instead of differences fails.
 */
public final class SimClock {

    private static final long ORIGIN_NANOS = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(500);

    private static final long ORIGIN_EPOCH_MS = 1_800_000_000_000L;

    private record Event(long atElapsed, long number, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atElapsed).thenComparingLong(Event::number));
    private long elapsedNanos;
    private long numbers;

    /** As {@link System#nanoTime()}. */
    public long nanos() {
        return ORIGIN_NANOS + elapsedNanos;
    }

    /** As {@link System#currentTimeMillis()}. */
    public long epochMs() {
        return ORIGIN_EPOCH_MS + elapsedMs();
    }

    /** Since the clock was made. */
    public long elapsedMs() {
        return TimeUnit.NANOSECONDS.toMillis(elapsedNanos);
    }

    public void after(long ms, Runnable action) {
        events.add(new Event(elapsedNanos + TimeUnit.MILLISECONDS.toNanos(ms), numbers++, action));
    }

    public Deadline deadlineIn(long ms) {
        return Deadline.after(nanos(), ms);
    }

    /** Lets time pass; what falls due runs in its order, and may add more. */
    public void advanceMs(long ms) {
        long until = elapsedNanos + TimeUnit.MILLISECONDS.toNanos(ms);
        Event next = events.peek();
        while (next != null && next.atElapsed() <= until) {
            events.remove();
            elapsedNanos = Math.max(elapsedNanos, next.atElapsed());
            next.action().run();
            next = events.peek();
        }
        elapsedNanos = until;
    }
}
