package dev.sluice.wire;

import java.util.List;

/**
 * The versions of the binary forms, of messages on the bus and of what is kept in Redis: those that this release reads, 1 to
 * the newest, and the one that it writes. A member of a cluster writes none that another member cannot read: a release that
 * brings a newer version writes the one before until every member announces the newer one. Any thread.
 */
public final class Forms {

    /** An order in version 1. */
    static final OrderForm FIRST = new FirstOrderForm();

    /** By version, the first one is 1; a version whose order looks as before has the same form. */
    private final List<OrderForm> orders;

    private volatile int written;

    /**
     * Writes the newest one until it is told otherwise.
     *
     * @param orders the form of an order in each version; a newer release adds one at the end and changes none
     */
    public Forms(List<OrderForm> orders) {
        this.orders = List.copyOf(orders);
        this.written = orders.size();
    }

    /** Those of this release. */
    public static Forms ofThisRelease() {
        return ofVersionOne();
    }

    /** Those that every release has. */
    public static Forms ofVersionOne() {
        return new Forms(List.of(FIRST));
    }

    /** The newest version that is read here. */
    public int newest() {
        return orders.size();
    }

    /** The version to write now. */
    public int written() {
        return written;
    }

    /** The newest version that each reader knows; a newer one is not written from now on. */
    public void writeFor(int readersNewest) {
        written = Math.max(1, Math.min(readersNewest, newest()));
    }

    /** What a member is taken to read that has not said so yet. */
    public int presumed() {
        return Math.max(1, newest() - 1);
    }

    /** The form of an order in that version, which is 1 to {@link #newest()}. */
    public OrderForm order(int version) {
        return orders.get(version - 1);
    }
}
