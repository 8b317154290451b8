/**
 * Takes orders from the bus, batches them, hands over what PostgreSQL cannot take now, and settles the replies.
 *
 * <pre>
 * OrderBatch ─▶ BatchWriter.accept ─▶ BatchBuffer ─▶ Batch ─▶ OrderStore ─▶ outcome of each order ─▶ reply of its message
 *                                    │                         │ failed, unknown
 *                                    └─ away, slow, full ──────┴─▶ OverflowWriter ─▶ OverflowQueue ─▶ the same
 * </pre>
 */
@NullMarked
package dev.sluice.writer;

import org.jspecify.annotations.NullMarked;
