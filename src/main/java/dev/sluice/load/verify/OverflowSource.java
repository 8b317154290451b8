package dev.sluice.load.verify;

import dev.sluice.config.StoreUri;
import dev.sluice.load.verify.Source.Place;
import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The overflow, read once: queued orders of every partition, then dead letters, then tombstones, which is the way that
 * an order takes. Search it before PostgreSQL: one that is drained meanwhile is found here or there, or in both.
 *
 * <p>Values come a thousand at a time and are judged as they come. What no decoder reads, or lies under an id that is
 * not its own, is told as an order whose content is none.
 */
public final class OverflowSource implements Source {

    private static final Logger LOG = LoggerFactory.getLogger(OverflowSource.class);
    private static final String KEYS = "sluice:{*}:";

    private final StoreUri uri;
    private final OverflowDecoder decoder;
    private final Recomputed recomputed = new Recomputed();

    /**
     * Searches a Redis, which is only read.
     *
     * @param decoder of the release that wrote it, or a later one
     */
    public OverflowSource(StoreUri uri, OverflowDecoder decoder) {
        this.uri = uri;
        this.decoder = decoder;
    }

    /** There is no Redis, or none that lets us in. */
    public static final class Unreachable extends IOException {

        private static final long serialVersionUID = 1L;

        Unreachable(String message, IOException cause) {
            super(message, cause);
        }
    }

    @Override
    public void search(String clientOrderIdPrefix, Sink sink) throws IOException {
        try (RedisHashes redis = connect()) {
            search(redis, "orders", new Search(Place.QUEUED, clientOrderIdPrefix, sink));
            search(redis, "dead", new Search(Place.DEAD, clientOrderIdPrefix, sink));
            search(redis, "tombstones", new Search(Place.TOMBSTONE, clientOrderIdPrefix, sink));
        }
    }

    private RedisHashes connect() throws Unreachable {
        try {
            return RedisHashes.connect(uri);
        } catch (IOException e) {
            throw new Unreachable("cannot use the Redis at " + uri + ": " + e.getMessage(), e);
        }
    }

    private static void search(RedisHashes redis, String kind, Search search) throws IOException {
        for (String key : redis.keys(KEYS + kind)) {
            redis.fields(key, search);
        }
    }

    private final class Search implements RedisHashes.Fields {

        private final Place place;
        private final String prefix;
        private final Sink sink;

        Search(Place place, String prefix, Sink sink) {
            this.place = place;
            this.prefix = prefix;
            this.sink = sink;
        }

        @Override
        public void found(String field, byte[] value) {
            Order order = decoded(field, value);
            String clientOrderId = order == null ? null : order.clientOrderId();
            if (order != null && clientOrderId != null && clientOrderId.startsWith(prefix)) {
                boolean filed = place != Place.QUEUED || field.equals(order.id().toString());
                Fingerprint content = filed ? content(order) : null;
                sink.found(place, order.id(), order.account(), clientOrderId, content, order.fingerprint());
            }
        }

        /** Null where it cannot be read: if it was an order of the run, that order is found lost. */
        private @Nullable Order decoded(String field, byte[] value) {
            try {
                return place == Place.QUEUED ? decoder.queued(value) : decoder.dead(value);
            } catch (RuntimeException e) {
                LOG.warn("{} {} in the overflow cannot be read: {}", place, field, e.getMessage());
                return null;
            }
        }

        private @Nullable Fingerprint content(Order order) {
            try {
                return recomputed.of(order.customerId(), order.currency(), order.itemsJson(), order.attributesJson());
            } catch (IllegalArgumentException e) {
                LOG.debug("{} {} holds what no order does", place, order.id(), e);
                return null;
            }
        }
    }
}
