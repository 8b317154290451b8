package dev.sluice.store.redis;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import dev.sluice.store.StoreFailure;
import io.vertx.core.buffer.Buffer;

/** The stored form of a queued order: a version byte, then the fields in the order of the record. */
final class OrderForm {

    /** What this release writes. It reads every version up to this one. */
    static final int VERSION = 1;

    private OrderForm() {}

    static byte[] write(Order order) {
        FormBuffer out = new FormBuffer(Buffer.buffer(order.weightBytes()));
        writeTo(out, order);
        return out.toBytes();
    }

    /** Fails with {@link StoreFailure} on a form that this release cannot read. */
    static Order read(byte[] form) {
        return readFrom(new FormBuffer(Buffer.buffer(form)));
    }

    static void writeTo(FormBuffer out, Order order) {
        out.writeByte(VERSION);
        out.writeUuid(order.id());
        out.writeString(order.account());
        out.writeNullableString(order.clientOrderId());
        out.writeString(order.customerId());
        out.writeString(order.currency());
        out.writeString(order.total());
        out.writeString(order.itemsJson());
        out.writeNullableString(order.attributesJson());
        out.writeLong(order.acceptedAtMicros());
        out.writeBytes(order.fingerprint().toBytes());
    }

    static Order readFrom(FormBuffer in) {
        requireVersion(in.readByte(), VERSION, "a queued order");
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

    static void requireVersion(int version, int versionMax, String what) {
        if (version < 1 || version > versionMax) {
            throw StoreFailure.unknown(what + " has format version " + version + ", this release reads up to "
                    + versionMax + ": a newer one wrote it");
        }
    }
}
