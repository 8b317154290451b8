package dev.sluice.wire;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import dev.sluice.order.StoredOrder;

/** The binary form of an order, version 1: its fields in the order of the record. Any thread. */
public final class OrderForm {

    /** What this release writes in front of an order that is kept. It reads every version up to this one. */
    public static final int VERSION = 1;

    private OrderForm() {}

    public static void write(BinaryBuffer out, Order order) {
        out.writeUuid(order.id());
        out.writeString(order.account());
        out.writeNullableString(order.clientOrderId());
        out.writeString(order.customerId());
        out.writeString(order.currency());
        out.writeString(order.total());
        out.writeString(order.itemsJson());
        out.writeNullableString(order.attributesJson());
        writeEnd(out, order);
    }

    /** The last fields: they tell orders of one id apart. */
    public static void writeEnd(BinaryBuffer out, Order order) {
        out.writeLong(order.acceptedAtMicros());
        out.writeBytes(order.fingerprint().toBytes());
    }

    public static Order read(BinaryBuffer in) {
        return new Order(
                in.readUuid(),
                in.readString(),
                in.readNullableString(),
                in.readString(),
                in.readString(),
                in.readString(),
                in.readString(),
                in.readNullableString(),
                in.readLong(),
                Fingerprint.of(in.readBytes()));
    }

    public static void writeStored(BinaryBuffer out, StoredOrder stored) {
        write(out, stored.order());
        out.writeLong(stored.committedAtMicros());
    }

    public static StoredOrder readStored(BinaryBuffer in) {
        return new StoredOrder(read(in), in.readLong());
    }
}
