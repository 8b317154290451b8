package dev.sluice.node;

/** No store answered, at start or for a verb that needs one. */
public final class StoreUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * With what was heard.
     *
     * @param refusals each store with the key of its URI and its last error
     */
    StoreUnreachableException(String refusals) {
        super("no store can be reached: " + refusals, null, false, false);
    }
}
