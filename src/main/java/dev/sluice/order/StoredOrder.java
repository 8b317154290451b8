package dev.sluice.order;

import java.util.UUID;

/**
 * An order as a store holds it.
 *
 * @param order as stored, which after a replay may differ in spelling from what was sent, never in content
 * @param committedAtMicros PostgreSQL's clock in the inserting statement, microseconds since the epoch, UTC
 */
public record StoredOrder(Order order, long committedAtMicros) {

    public UUID id() {
        return order.id();
    }
}
