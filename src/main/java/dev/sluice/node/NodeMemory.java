package dev.sluice.node;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.Part;
import dev.sluice.bulk.BulkBody;
import dev.sluice.bulk.BulkLines;
import dev.sluice.config.ConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.intake.BulkRun;
import dev.sluice.listener.BodyReader;

/** Sizes the node's memory budget, and refuses one in which the largest single request does not fit. */
final class NodeMemory {

    /** The rest is for reading, for the stores, and for pieces that the allocator keeps. */
    private static final int DIRECT_SHARES = 4;

    private NodeMemory() {}

    /**
     * The budget of a node with that heap.
     *
     * @throws ConfigException where the largest request and its answer do not fit
     */
    static MemoryBudget budget(SluiceConfig config, long heapBytes) {
        long bytes = MemoryBudget.bytesMax(config.node().memoryBytesMax(), heapBytes);
        long needed = Math.max(
                Part.BULK.budgetFor(BulkBody.BYTES_MAX + BulkRun.memoryBytes(BulkBody.BYTES_MAX, BulkLines.ORDERS_MAX)),
                Part.INCOMING.budgetFor(BodyReader.memoryBytes(config.http().bodyBytesMax())));
        if (config.http().instances().count() != 0 && bytes < needed) {
            throw new ConfigException("node.memoryBytesMax is " + bytes + " bytes"
                    + (config.node().memoryBytesMax() == 0 ? ", two fifths of the heap" : "")
                    + ": the largest request and its answer need " + needed
                    + "; raise it, or the heap (-Xmx in SLUICE_JAVA_OPTS)");
        }
        return new MemoryBudget(bytes);
    }

    /** Bytes of answers that were written and not read; they lie in direct memory. */
    static long unreadBytesMax(SluiceConfig config, long directBytes) {
        long configured = config.node().directBytesMax();
        return configured > 0 ? configured : directBytes / DIRECT_SHARES;
    }
}
