/**
 * Brings queued orders home: reads the overflow, inserts, and settles an entry after its commit only.
 *
 * <pre>
 * DrainVerticle   owns the event loop, the timers, the connections
 *   └▶ OverflowDrain     read ─▶ RetryQueue ─▶ insert (Bisection) ─▶ BatchResult ─▶ settle ─▶ DrainPace: pause ─▶ read
 *   └▶ OverflowWatch     looks at the queue every second, for metrics and people
 *   └▶ DrainOperations         what an operator asks, carried to the event loop
 * </pre>
 *
 * {@link dev.sluice.drain.DrainPace}, {@code RetryQueue} and {@code BatchResult} are pure: time and counts are handed in.
 */
@NullMarked
package dev.sluice.drain;

import org.jspecify.annotations.NullMarked;
