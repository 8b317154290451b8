/**
 * When to flush and when to refuse. Pure: time comes in as an argument, decisions go out as values; the writer owns
 * timers and connections and obeys.
 *
 * <pre>
 * order ─▶ BatchBuffer.offer ─▶ full? ─▶ refuse
 *               │
 *               └─ FlushPolicy.mayFlush(pending, in flight) ─▶ BatchBuffer.take ─▶ Batch (one entry per id, sorted)
 * </pre>
 */
@NullMarked
package dev.sluice.batch;

import org.jspecify.annotations.NullMarked;
