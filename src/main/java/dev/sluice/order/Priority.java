package dev.sluice.order;

/**
 * How soon an order is to be stored, most urgent first; it travels beside the order. Each batch serves both: live
 * orders go first, bulk orders keep a share.
 */
public enum Priority {
    /** A single order, whose client waits for nothing else. */
    LIVE,
    /** One of the many orders of a bulk request. */
    BULK
}
