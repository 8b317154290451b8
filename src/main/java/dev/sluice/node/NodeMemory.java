package dev.sluice.node;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.Part;
import dev.sluice.bulk.BulkBody;
import dev.sluice.bulk.BulkLines;
import dev.sluice.config.ConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.intake.BulkRun;
import dev.sluice.listener.BodyReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sizes the node's memory budget, and refuses one in which the largest single request does not fit. */
final class NodeMemory {

    /** The rest is for reading, for the stores, and for pieces that the allocator keeps. */
    private static final int DIRECT_SHARES = 4;

    private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);

    private NodeMemory() {}

    /**
     * The budget of a node with that heap.
     *
     * @throws ConfigException where the largest request and its answer do not fit
     */
    static MemoryBudget budget(SluiceConfig config, long heapBytes) {
        long needed = Math.max(
                Part.BULK.budgetFor(BulkBody.BYTES_MAX + BulkRun.memoryBytes(BulkBody.BYTES_MAX, BulkLines.ORDERS_MAX)),
                Part.INCOMING.budgetFor(BodyReader.memoryBytes(config.http().bodyBytesMax())));
        long configured = config.node().memoryBytesMax();
        long bytes = configured > 0 ? configured : byDefault(config.http().connectionsMax(), heapBytes, needed);
        if (config.http().instances().count() != 0 && bytes < needed) {
            throw new ConfigException("node.memoryBytesMax is " + bytes + " bytes"
                    + (configured == 0 ? ", by the size of the heap" : "")
                    + ": the largest request and its answer need " + needed
                    + "; raise it, or the heap (-Xmx in SLUICE_JAVA_OPTS)");
        }
        return new MemoryBudget(bytes);
    }

    /** A heap that is small for so many connections gets what the largest request needs, and says so. */
    private static long byDefault(int connectionsMax, long heapBytes, long needed) {
        long bytes = MemoryBudget.bytesMax(heapBytes, connectionsMax);
        if (bytes >= needed) {
            return bytes;
        }
        LOG.info(
                "http.connectionsMax {} and the largest request do not fit into a heap of {} MiB at once: lower it, or raise"
                        + " the heap (-Xmx in SLUICE_JAVA_OPTS)",
                connectionsMax,
                heapBytes >> 20);
        return Math.min(needed, heapBytes / 5 * 2);
    }

    /** Bytes of answers that were written and not read; they lie in direct memory. */
    static long unreadBytesMax(SluiceConfig config, long directBytes) {
        long configured = config.node().directBytesMax();
        return configured > 0 ? configured : directBytes / DIRECT_SHARES;
    }
}
