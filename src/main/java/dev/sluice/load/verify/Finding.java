package dev.sluice.load.verify;

/** What can be wrong with an order. */
public enum Finding {
    /** Acknowledged, and not where it must be. */
    LOST("acknowledged and not there"),
    /** Under one client order id and in two rows. */
    DOUBLED("in two rows"),
    /** Stored with content that was never sent under its key, or that its own fingerprint denies. */
    CHANGED("stored with other content than was sent"),
    /** A row with the run's prefix that the run never sent. */
    NEVER_SENT("there and never sent"),
    /** Only ever refused, and there all the same. */
    REFUSED_BUT_STORED("only ever refused and there all the same"),
    /** Answered with one id and stored under another, or stored under an id that is not its key's. */
    OTHER_ID("stored under another id than was answered"),
    /** No valid order, and acknowledged. */
    INVALID_ACKNOWLEDGED("no valid order and acknowledged");

    private final String text;

    Finding(String text) {
        this.text = text;
    }

    /** For a person, after a count. */
    public String text() {
        return text;
    }
}
