package dev.sluice.load.history;

/** A file that is no history, or not one run's: says which line and why. */
public final class HistoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public HistoryException(String message) {
        super(message);
    }

    HistoryException(long line, String why) {
        super("line " + line + " is no line of a history: " + why);
    }
}
