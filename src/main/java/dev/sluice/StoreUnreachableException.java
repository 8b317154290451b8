package dev.sluice;

/** No store answered in time at start. */
public final class StoreUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoreUnreachableException(String lastError) {
        super(
                "PostgreSQL did not answer within " + Server.STORE_WAIT_MS / 1000 + " s: " + lastError,
                null,
                false,
                false);
    }
}
