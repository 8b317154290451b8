package dev.sluice.wire;

import dev.sluice.order.Order;
import dev.sluice.order.StoredOrder;

/**
 * The binary form of an order in one version. In every version it ends with time of acceptance and fingerprint, which tell
 * orders of one id apart; a new field comes before them. Any thread.
 */
public interface OrderForm {

    void write(BinaryBuffer out, Order order);

    Order read(BinaryBuffer in);

    /** The last fields, in every version. */
    static void writeEnd(BinaryBuffer out, Order order) {
        out.writeLong(order.acceptedAtMicros());
        out.writeBytes(order.fingerprint().toBytes());
    }

    default void writeStored(BinaryBuffer out, StoredOrder stored) {
        write(out, stored.order());
        out.writeLong(stored.committedAtMicros());
    }

    default StoredOrder readStored(BinaryBuffer in) {
        return new StoredOrder(read(in), in.readLong());
    }
}
