package dev.sluice.order;

/**
 * How soon an order is to be stored, most urgent first; it travels beside the order. Every lane is served in each
 * batch: a more urgent one goes first, a less urgent one keeps a share.
 */
public enum Priority {
    /** A lone request, whose client waits for nothing else. */
    LIVE(0),
    /** One of the many orders of a bulk request. */
    BULK(1);

    private final int urgency;

    Priority(int urgency) {
        this.urgency = urgency;
    }

    /** Its place among the lanes, from 0 for the most urgent. */
    public int urgency() {
        return urgency;
    }
}
