package dev.sluice.store.postgres;

/** Who wants to know how the connections to PostgreSQL fare: logs, readiness, metrics. Called on an event loop. */
public interface StoreStatus {

    /** A connection is fit for orders. */
    void up();

    /** A connection was lost. */
    void down(String reason);

    /** A connection could not be made; {@link UnsafeStoreException} where the server must not be used. */
    void refused(Throwable error);
}
