package dev.sluice.order;

import com.github.f4b6a3.uuid.factory.UuidFactory.Parameters;
import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The identity of orders; one thread.
 *
 * <p>With a client order id: UUIDv8 of SHA-256({@code sluice1} 0 account 0 clientOrderId), the first 128 bits with
 * version and variant set. Every node, release, retry and store agrees on it without asking.
 *
 * <p>Without one: UUIDv7 of the time of acceptance, with 74 bits from a secure random source that are drawn anew for
 * each id. Nothing is carried over from the id before, so a clock that jumps back, or two nodes in one millisecond,
 * make no id twice; ids of one millisecond are in no order.
 */
public final class OrderId {

    private static final String DOMAIN = "sluice1";
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Sha256 sha256 = new Sha256();
    private final Utf8Buffer name = new Utf8Buffer(256);
    private final byte[] hash = new byte[Sha256.BYTES];
    private final TimeOrderedEpochFactory epochFactory =
            TimeOrderedEpochFactory.builder().withSafeRandom().build();

    /** Why a text is no client order id, for a person; null where it is one. */
    public static @Nullable String faultOf(String clientOrderId) {
        return TextRules.clientOrderId(clientOrderId);
    }

    /** The id that account and client order id stand for; from any thread, for occasional use. */
    public static UUID of(String account, String clientOrderId) {
        return new OrderId().derived(account, clientOrderId);
    }

    /** The id that account and client order id stand for. */
    public UUID derived(String account, String clientOrderId) {
        name.clear();
        name.ascii(DOMAIN).ascii('\0').text(account).ascii('\0').text(clientOrderId);
        sha256.update(name).finish(hash, 0);
        long high = ((long) LONGS.get(hash, 0) & ~0xF000L) | 0x8000L;
        long low = ((long) LONGS.get(hash, Long.BYTES) & (-1L >>> 2)) | (1L << 63);
        return new UUID(high, low);
    }

    /** A new id for an order without a key. */
    public UUID fresh(long acceptedAtMicros) {
        Instant acceptedAt = Instant.EPOCH.plus(acceptedAtMicros, ChronoUnit.MICROS);
        return epochFactory.create(Parameters.builder().withInstant(acceptedAt).build());
    }
}
