/**
 * Takes orders from the bus, batches them and settles the replies.
 *
 * <pre>
 * OrderBatch ─▶ BatchWriter.accept ─▶ BatchBuffer ─▶ Batch ─▶ OrderStore ─▶ outcome of each order ─▶ reply of its message
 * </pre>
 */
@NullMarked
package dev.sluice.writer;

import org.jspecify.annotations.NullMarked;
