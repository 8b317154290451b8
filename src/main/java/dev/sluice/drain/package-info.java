/**
 * Brings queued orders home: reads the overflow, inserts, and settles an entry after its commit only.
 *
 * <pre>
 * DrainVerticle   owns the event loop, the timers, the connections
 *   └▶ OverflowDrain     read ─▶ HeldEntries ─▶ insert (Bisection) ─▶ Judgement ─▶ settle ─▶ DrainPace: pause ─▶ read
 *   └▶ OverflowWatch     looks at the queue every second, for metrics and people
 *   └▶ DrainDesk         what an operator asks, carried to the event loop
 * </pre>
 *
 * {@link dev.sluice.drain.DrainPace}, {@code HeldEntries} and {@code Judgement} are pure: time and counts are handed in.
 */
@NullMarked
package dev.sluice.drain;

import org.jspecify.annotations.NullMarked;
