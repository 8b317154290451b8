package dev.sluice.store;

import java.util.concurrent.TimeUnit;

/**
 * A point in time that a call and its follow-ups share.
 *
 * @param atNanos on the clock of {@link System#nanoTime()}
 */
public record Deadline(long atNanos) {

    /** The deadline that many milliseconds after an instant. */
    public static Deadline after(long fromNanos, long ms) {
        return new Deadline(fromNanos + TimeUnit.MILLISECONDS.toNanos(ms));
    }

    /** What is left; negative once it has passed. */
    public long remainingMs(long nowNanos) {
        return TimeUnit.NANOSECONDS.toMillis(atNanos - nowNanos);
    }
}
