package dev.sluice.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.wire.BinaryBuffer;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** The stored form of a dead letter and of its tombstone, and how it gets its id. */
final class DeadLetterForm {

    static final int VERSION = 1;

    /** Enough for what PostgreSQL says about a row. */
    static final int REASON_CHARS_MAX = 1_000;

    private static final byte[] DOMAIN = "sluice-dead1\0".getBytes(US_ASCII);

    private DeadLetterForm() {}

    /**
     * UUIDv8 of SHA-256({@code sluice-dead1} 0 order id, fingerprint): an order of one content dies only once, and its
     * commit finds the dead letter without a search.
     */
    static UUID idOf(Order order) {
        ByteBuffer orderId = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(order.id().getMostSignificantBits())
                .putLong(order.id().getLeastSignificantBits());
        MessageDigest sha256 = sha256();
        sha256.update(DOMAIN);
        sha256.update(orderId.array());
        ByteBuffer hash = ByteBuffer.wrap(sha256.digest(order.fingerprint().toBytes()));
        return new UUID((hash.getLong() & ~0xF000L) | 0x8000L, (hash.getLong() & (-1L >>> 2)) | (1L << 63));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static byte[] write(Order order, String reason, long diedAtMicros) {
        BinaryBuffer out = new BinaryBuffer(Buffer.buffer());
        out.writeByte(VERSION);
        out.writeLong(diedAtMicros);
        out.writeString(reason.length() > REASON_CHARS_MAX ? reason.substring(0, REASON_CHARS_MAX) : reason);
        OrderForm.writeTo(out, order);
        return out.buffer().getBytes();
    }

    static byte[] write(DeadLetter letter) {
        return write(letter.order(), letter.reason(), letter.diedAtMicros());
    }

    static DeadLetter read(byte[] form, boolean discarded) {
        BinaryBuffer in = new BinaryBuffer(Buffer.buffer(form));
        OrderForm.requireVersion(in.readByte(), VERSION, "a dead letter");
        long diedAtMicros = in.readLong();
        String reason = in.readString();
        Order order = OrderForm.readFrom(in);
        return new DeadLetter(idOf(order), order, reason, diedAtMicros, discarded);
    }
}
