package dev.sluice.store.redis;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import dev.sluice.store.StoreFailure;
import dev.sluice.wire.BinaryBuffer;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** The stored form of a queued order: a version byte, then the fields in the order of the record. */
final class OrderForm {

    /** What this release writes. It reads every version up to this one. */
    static final int VERSION = 1;

    private static final int END_BYTES = Long.BYTES + Integer.BYTES + Fingerprint.BYTES;

    private OrderForm() {}

    static byte[] write(Order order) {
        BinaryBuffer out = new BinaryBuffer(Buffer.buffer(order.weightBytes()));
        writeTo(out, order);
        return out.buffer().getBytes();
    }

    /**
     * Whether it is the form of this very order: the same content, accepted at the same time. Of a form that is stored
     * under the order's id; looks at its end alone.
     */
    static boolean isOf(byte[] form, Order order) {
        byte[] end = end(order);
        return form[0] == VERSION
                && form.length > end.length
                && Arrays.equals(form, form.length - end.length, form.length, end, 0, end.length);
    }

    private static byte[] end(Order order) {
        BinaryBuffer out = new BinaryBuffer(Buffer.buffer(END_BYTES));
        writeEnd(out, order);
        return out.buffer().getBytes();
    }

    private static void writeEnd(BinaryBuffer out, Order order) {
        out.writeLong(order.acceptedAtMicros());
        out.writeBytes(order.fingerprint().toBytes());
    }

    /** Fails with {@link StoreFailure} on a form that this release cannot read. */
    static Order read(byte[] form) {
        return readFrom(new BinaryBuffer(Buffer.buffer(form)));
    }

    static void writeTo(BinaryBuffer out, Order order) {
        out.writeByte(VERSION);
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

    static Order readFrom(BinaryBuffer in) {
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
