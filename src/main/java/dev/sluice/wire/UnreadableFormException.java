package dev.sluice.wire;

/** A binary form that this release does not know; most likely a newer release wrote it. */
public final class UnreadableFormException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public UnreadableFormException(String message) {
        super(message);
    }
}
