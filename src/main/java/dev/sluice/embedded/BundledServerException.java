package dev.sluice.embedded;

/**
 * A bundled server or its data directory cannot be used. The message is for a person and whole: what, where, why and
 * what mends it; the first line alone names the trouble, further lines are what the server said.
 */
public final class BundledServerException extends RuntimeException {

    public BundledServerException(String message) {
        super(message);
    }

    public BundledServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
