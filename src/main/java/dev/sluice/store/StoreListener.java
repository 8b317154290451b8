package dev.sluice.store;

/**
 * Who wants to know how the connections to a store fare: logs, readiness, metrics. Called on any event loop; {@link
 * #up} and {@link #down}, or {@link #closed}, come in pairs, one for each connection.
 */
public interface StoreListener {

    /** What the server of a connection is like, before each {@link #up}. */
    default void found(StoreFindings findings) {
        // of no interest to most
    }

    /**
     * What was acknowledged may be gone: the store is not the one it was, or was emptied. Each connection that knew of it
     * says so.
     */
    default void lost(String what) {
        // of no interest to most
    }

    /** A connection is fit for orders. */
    void up();

    /** A connection that was up is lost. */
    void down(String reason);

    /** A connection that was up was closed by its owner, who needs it no longer. */
    void closed();

    /** A connection could not be made; {@link UnfitStoreException} where waiting does not help. */
    void refused(Throwable error);
}
