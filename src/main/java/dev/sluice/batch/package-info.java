/**
 * When to flush, when to refuse and when the overflow takes over. Pure: time comes in as an argument, decisions go out
 * as values; the writer owns timers and connections and obeys.
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
