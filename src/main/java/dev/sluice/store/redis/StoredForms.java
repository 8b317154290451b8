package dev.sluice.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.StoreFailure;
import dev.sluice.wire.BinaryBuffer;
import dev.sluice.wire.Forms;
import dev.sluice.wire.OrderForm;
import dev.sluice.wire.UnreadableFormException;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;

/**
 * The binary forms in Redis: a version byte, then the fields. What is written has the version that {@link Forms} says. Reading
 * fails with {@link StoreFailure} on a version that this release does not know. Any thread.
 */
public final class StoredForms {

    static final int DEAD_LETTER_VERSION = 1;

    /** Enough for what PostgreSQL says about a row. */
    static final int REASON_CHARS_MAX = 1_000;

    private static final int REASON_END_CHARS = " (SQLSTATE 23514)".length();

    private static final byte[] DEAD_LETTER_DOMAIN = "sluice-dead1\0".getBytes(US_ASCII);

    private static final int END_BYTES = Long.BYTES + Integer.BYTES + Fingerprint.BYTES;

    private final Forms forms;

    public StoredForms(Forms forms) {
        this.forms = forms;
    }

    /** A value of {@code sluice:{p}:orders}. */
    byte[] of(Order order) {
        BinaryBuffer out = new BinaryBuffer(Buffer.buffer(order.weightBytes()));
        writeVersioned(out, order);
        return out.buffer().getBytes();
    }

    /** The order in a value of {@code sluice:{p}:orders}. */
    public Order order(byte[] value) {
        return read(value, this::readVersioned);
    }

    /**
     * Whether a value that is stored under the order's id is the form of this very order: the same content, accepted at
     * the same time. Looks at the end of the form alone.
     */
    boolean isOf(byte[] form, Order order) {
        BinaryBuffer end = new BinaryBuffer(Buffer.buffer(END_BYTES));
        OrderForm.writeEnd(end, order);
        int from = form.length - END_BYTES;
        return form[0] >= 1
                && form[0] <= forms.newest()
                && from > 0
                && Arrays.equals(form, from, form.length, end.buffer().getBytes(), 0, END_BYTES);
    }

    private void writeVersioned(BinaryBuffer out, Order order) {
        int version = forms.written();
        out.writeByte(version);
        forms.order(version).write(out, order);
    }

    private Order readVersioned(BinaryBuffer in) {
        return forms.order(in.readVersion(forms.newest(), "a queued order")).read(in);
    }

    /** A value of {@code sluice:{p}:dead} or {@code :tombstones}. */
    byte[] of(DeadLetter letter) {
        String reason = letter.reason();
        BinaryBuffer out = new BinaryBuffer(Buffer.buffer());
        out.writeByte(DEAD_LETTER_VERSION);
        out.writeLong(letter.diedAtMicros());
        out.writeString(bounded(reason));
        writeVersioned(out, letter.order());
        return out.buffer().getBytes();
    }

    /** Its end stays: there is the SQLSTATE. */
    private static String bounded(String reason) {
        return reason.length() <= REASON_CHARS_MAX
                ? reason
                : reason.substring(0, REASON_CHARS_MAX - REASON_END_CHARS)
                        + reason.substring(reason.length() - REASON_END_CHARS);
    }

    /**
     * The dead letter in a value of {@code sluice:{p}:dead} or {@code :tombstones}.
     *
     * @param discarded whether it is a tombstone
     */
    public DeadLetter deadLetter(byte[] value, boolean discarded) {
        return read(value, in -> {
            in.readVersion(DEAD_LETTER_VERSION, "a dead letter");
            long diedAtMicros = in.readLong();
            String reason = in.readString();
            Order order = readVersioned(in);
            return new DeadLetter(deadLetterId(order), order, reason, diedAtMicros, discarded);
        });
    }

    private static <T> T read(byte[] value, Function<BinaryBuffer, T> reader) {
        try {
            return reader.apply(new BinaryBuffer(Buffer.buffer(value)));
        } catch (UnreadableFormException newer) {
            throw StoreFailure.unknown(String.valueOf(newer.getMessage()));
        }
    }

    /**
     * UUIDv8 of SHA-256({@code sluice-dead1} 0 order id, fingerprint): an order of one content dies only once, and its
     * commit finds the dead letter without a search.
     */
    static UUID deadLetterId(Order order) {
        ByteBuffer orderId = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(order.id().getMostSignificantBits())
                .putLong(order.id().getLeastSignificantBits());
        MessageDigest sha256 = sha256();
        sha256.update(DEAD_LETTER_DOMAIN);
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
}
