package dev.sluice;

/** No store answered, at start or for a verb that needs one. */
public final class StoreUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoreUnreachableException(String lastError) {
        super("PostgreSQL cannot be reached: " + lastError, null, false, false);
    }
}
