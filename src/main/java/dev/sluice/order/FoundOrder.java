package dev.sluice.order;

/** An order where a look-up found it: a row outranks an entry of the overflow, that a dead letter. */
public sealed interface FoundOrder {

    /** What was submitted, as it is held there. */
    Order order();

    /** A row. */
    record Committed(StoredOrder stored) implements FoundOrder {
        @Override
        public Order order() {
            return stored.order();
        }
    }

    /** An entry of the overflow, not known to be a row. */
    record Queued(Order order) implements FoundOrder {}

    /**
     * A dead letter: PostgreSQL will never take it.
     *
     * @param reason why, as its client hears it
     * @param discarded whether a person discarded it, and this is its tombstone
     */
    record Dead(Order order, String reason, boolean discarded) implements FoundOrder {}
}
