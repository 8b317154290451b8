/**
 * Every meter of a node: {@link dev.sluice.metrics.Metrics} names them all, docs/metrics.md explains them, a test
 * holds the two together.
 *
 * <pre>
 * event loops ─▶ Counter, Gauge, Histogram (LongAdders) ◀─ Meters (collects at a scrape) ─▶ text exposition
 * JVM, process ─▶ micrometer's binders ───────────────────────────────────────────────────────▶
 * </pre>
 *
 * Recorded with {@code LongAdder}s of our own: they cost a third of what the client library's histogram does where
 * event loops share it, and a tenth of micrometer's. Figures at {@link dev.sluice.metrics.Histogram}.
 */
@NullMarked
package dev.sluice.metrics;

import org.jspecify.annotations.NullMarked;
