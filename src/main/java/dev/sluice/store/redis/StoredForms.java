package dev.sluice.store.redis;

import dev.sluice.order.Order;

/** The binary forms in Redis, for those who read them beside a node. Any thread. */
public final class StoredForms {

    private StoredForms() {}

    /** The order in a value of {@code sluice:{p}:orders}. A {@link RuntimeException} where it holds none. */
    public static Order queued(byte[] value) {
        return OrderForm.read(value);
    }

    /** The order in a value of {@code sluice:{p}:dead} or {@code :tombstones}. A {@link RuntimeException} as above. */
    public static Order dead(byte[] value) {
        return DeadLetterForm.read(value, false).order();
    }
}
