/**
 * Moves queued orders into PostgreSQL: reads the overflow, inserts, and settles an entry after its commit only.
 *
 * <pre>
 * DrainVerticle          owns the event loop, the timers, the connections; carries what operators ask to that loop
 *   └▶ DrainLoop         executes: read, insert (Bisection), settle, pause
 *        ├▶ DrainMachine     decides the next step; ARCHITECTURE.md has the picture
 *        │    ├▶ RetryQueue      what was read and is not settled; what is tried next
 *        │    ├▶ DrainPace       how long to pause beside live orders
 *        │    └▶ BatchResult     what the outcomes of a batch mean for its entries
 *        ├▶ SettlementQueue  what the overflow does not know yet
 *        └▶ OverflowWatch    looks at the overflow every second, for metrics and operators
 * </pre>
 *
 * {@code DrainMachine} and what it uses are pure: time and counts are handed in.
 */
@NullMarked
package dev.sluice.drain;

import org.jspecify.annotations.NullMarked;
