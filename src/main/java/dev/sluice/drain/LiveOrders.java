package dev.sluice.drain;

/** What the drain knows of the live orders of its node. Called on the drain's event loop; any thread writes. */
@FunctionalInterface
public interface LiveOrders {

    /** How many wait for PostgreSQL now. */
    int pending();

    /** Batches of them that were committed so far; may fall when a writer leaves. */
    default long batchesCommitted() {
        return 0;
    }
}
