package dev.sluice.wire;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;

/** Version 1 of an order: its fields in the order of the record. */
final class FirstOrderForm implements OrderForm {

    @Override
    public void write(BinaryBuffer out, Order order) {
        out.writeUuid(order.id());
        out.writeString(order.account());
        out.writeNullableString(order.clientOrderId());
        out.writeString(order.customerId());
        out.writeString(order.currency());
        out.writeString(order.total());
        out.writeString(order.itemsJson());
        out.writeNullableString(order.attributesJson());
        OrderForm.writeEnd(out, order);
    }

    @Override
    public Order read(BinaryBuffer in) {
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
}
