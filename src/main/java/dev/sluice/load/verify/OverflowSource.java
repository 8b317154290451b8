package dev.sluice.load.verify;

import dev.sluice.load.verify.Source.Place;
import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisConnection;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The overflow, read once: queued orders of every partition, then dead letters, then tombstones, which is the way that
 * an order takes. Search it before PostgreSQL: one that is drained meanwhile is found here or there, or in both.
 *
 * <p>Values come a thousand at a time and are judged as they come. A value that the decoder cannot read is logged and
 * left out. A queued order under an id that is not its own is told with the content null.
 */
public final class OverflowSource implements Source {

    private static final Logger LOG = LoggerFactory.getLogger(OverflowSource.class);
    private static final String KEYS = "sluice:{*}:";

    private final String place;
    private final Function<Vertx, Future<RedisConnection>> connect;
    private final Decoder decoder;
    private final Recomputed recomputed = new Recomputed();

    /**
     * Searches a Redis, which is only read.
     *
     * @param place where it is, for messages
     * @param decoder of the release that wrote it, or a later one
     */
    public OverflowSource(String place, Function<Vertx, Future<RedisConnection>> connect, Decoder decoder) {
        this.place = place;
        this.connect = connect;
        this.decoder = decoder;
    }

    /**
     * Reads the binary forms in which the overflow keeps orders. Each throws a {@link RuntimeException} for other bytes.
     *
     * @param queued of a value of {@code sluice:{p}:orders}
     * @param dead of a value of {@code sluice:{p}:dead} or {@code sluice:{p}:tombstones}
     */
    public record Decoder(Function<byte[], Order> queued, Function<byte[], Order> dead) {}

    @Override
    public void search(String clientOrderIdPrefix, Sink sink) throws IOException {
        try (RedisHashes redis = connect()) {
            search(redis, "orders", (id, value) -> found(Place.QUEUED, id, value, clientOrderIdPrefix, sink));
            search(redis, "dead", (id, value) -> found(Place.DEAD, id, value, clientOrderIdPrefix, sink));
            search(redis, "tombstones", (id, value) -> found(Place.TOMBSTONE, id, value, clientOrderIdPrefix, sink));
        }
    }

    private RedisHashes connect() throws Unreachable {
        try {
            return RedisHashes.connect(connect);
        } catch (IOException e) {
            throw new Unreachable("cannot use the Redis at " + place + ": " + e.getMessage(), e);
        }
    }

    private static void search(RedisHashes redis, String kind, BiConsumer<String, byte[]> found) throws IOException {
        for (String key : redis.keys(KEYS + kind)) {
            redis.fields(key, found);
        }
    }

    private void found(Place place, String field, byte[] value, String prefix, Sink sink) {
        Order order = decoded(place, field, value);
        String clientOrderId = order == null ? null : order.clientOrderId();
        if (order == null || clientOrderId == null || !clientOrderId.startsWith(prefix)) {
            return;
        }
        boolean filed = place != Place.QUEUED || field.equals(order.id().toString());
        Fingerprint content = filed
                ? recomputed.of(
                        order.customerId(), order.currency(), order.total(), order.itemsJson(), order.attributesJson())
                : null;
        sink.found(place, order.id(), order.account(), clientOrderId, content, order.fingerprint());
    }

    /** Null where it cannot be read: if it was an order of the run, that order is found lost. */
    private @Nullable Order decoded(Place place, String field, byte[] value) {
        try {
            return (place == Place.QUEUED ? decoder.queued() : decoder.dead()).apply(value);
        } catch (RuntimeException e) {
            LOG.warn("{} {} in the overflow cannot be read: {}", place, field, e.getMessage());
            return null;
        }
    }
}
