package dev.sluice.load.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import dev.sluice.store.TestOrders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OverflowSourceTest {

    private record Found(
            Place place,
            UUID id,
            String account,
            String key,
            @Nullable Fingerprint content,
            Fingerprint stored) {}

    private final Map<String, Map<String, byte[]>> hashes = new LinkedHashMap<>();
    private final Map<String, Order> written = new LinkedHashMap<>();
    private final List<String> globs = new ArrayList<>();

    private final Hashes redis = new Hashes() {
        @Override
        public List<String> keys(String glob) {
            globs.add(glob);
            String kind = glob.substring(glob.lastIndexOf(':'));
            return hashes.keySet().stream().filter(key -> key.endsWith(kind)).toList();
        }

        @Override
        public void fields(String key, Fields fields) {
            hashes.get(key).forEach(fields::found);
        }

        @Override
        public void close() {}
    };

    private final OverflowDecoder decoder = new OverflowDecoder() {
        @Override
        public Order queued(byte[] value) {
            return decoded("q", value);
        }

        @Override
        public Order dead(byte[] value) {
            return decoded("d", value);
        }

        private Order decoded(String kind, byte[] value) {
            Order order = written.get(kind + new String(value, StandardCharsets.UTF_8));
            if (order == null) {
                throw new IllegalArgumentException("version 9 is not known");
            }
            return order;
        }
    };

    private void put(String key, String field, String kind, Order order) {
        String value = "v" + written.size();
        written.put(kind + value, order);
        hashes.computeIfAbsent(key, any -> new LinkedHashMap<>()).put(field, value.getBytes(StandardCharsets.UTF_8));
    }

    private List<Found> search() throws Exception {
        List<Found> found = new ArrayList<>();
        new OverflowSource(() -> redis, decoder)
                .search(
                        "t-",
                        (place, id, account, key, content, stored) ->
                                found.add(new Found(place, id, account, key, content, stored)));
        return found;
    }

    private static Found expected(Place place, Order order) {
        return new Found(place, order.id(), "default", order.clientOrderId(), order.fingerprint(), order.fingerprint());
    }

    @Test
    void everyPlaceOfEveryPartitionIsSearched() throws Exception {
        Order queued = TestOrders.order("t-1");
        Order other = TestOrders.order("t-2");
        Order dead = TestOrders.order("t-3");
        Order discarded = TestOrders.order("t-4");
        put("sluice:{0}:tombstones", UUID.randomUUID().toString(), "d", discarded);
        put("sluice:{0}:dead", UUID.randomUUID().toString(), "d", dead);
        put("sluice:{0}:orders", queued.id().toString(), "q", queued);
        put("sluice:{1}:orders", other.id().toString(), "q", other);
        assertEquals(
                List.of(
                        expected(Place.QUEUED, queued),
                        expected(Place.QUEUED, other),
                        expected(Place.DEAD, dead),
                        expected(Place.TOMBSTONE, discarded)),
                search());
        assertEquals(List.of("sluice:{*}:orders", "sluice:{*}:dead", "sluice:{*}:tombstones"), globs);
    }

    @Test
    void otherRunsAndOrdersWithoutAKeyAreNotTold() throws Exception {
        for (Order order : List.of(TestOrders.order("u-1"), TestOrders.order(null))) {
            put("sluice:{0}:orders", order.id().toString(), "q", order);
        }
        assertEquals(List.of(), search());
    }

    @Test
    void theContentIsRecomputed() throws Exception {
        Order order = TestOrders.order("t-1", 1);
        Order changed = new Order(
                order.id(),
                order.account(),
                order.clientOrderId(),
                "another",
                order.currency(),
                order.total(),
                order.itemsJson(),
                order.attributesJson(),
                order.acceptedAtMicros(),
                order.fingerprint());
        put("sluice:{0}:orders", order.id().toString(), "q", changed);
        Found found = search().get(0);
        assertEquals(order.fingerprint(), found.stored);
        assertTrue(found.content != null && !found.content.equals(order.fingerprint()));
    }

    @Test
    void anOrderUnderAnotherId() throws Exception {
        put("sluice:{0}:orders", UUID.randomUUID().toString(), "q", TestOrders.order("t-1"));
        assertNull(search().get(0).content);
    }

    @Test
    void whatCannotBeReadIsNotThere() throws Exception {
        Order order = TestOrders.order("t-1");
        hashes.put("sluice:{0}:orders", Map.of(order.id().toString(), new byte[] {9}));
        assertEquals(List.of(), search());
    }

    @Test
    void urisOfARedis() {
        assertEquals(new RedisAddress(false, null, null, "h", 6379, 0), RedisAddress.parse("redis://h"));
        assertEquals(new RedisAddress(true, "u", "p@+:", "h", 1, 3), RedisAddress.parse("rediss://u:p%40+:@h:1/3"));
        assertEquals(new RedisAddress(false, null, "p", "h", 6379, 0), RedisAddress.parse("redis://:p@h/"));
        assertEquals(new RedisAddress(false, null, "p", "h", 6379, 0), RedisAddress.parse("redis://p@h"));
        assertEquals("redis://h:6379/0", RedisAddress.parse("redis://:hush@h").toString());
        for (String text : List.of("", "h", "http://h", "redis://", "redis:///1", "redis://h/x", "redis://:hush@ h")) {
            String message = assertThrows(IllegalArgumentException.class, () -> RedisAddress.parse(text), text)
                    .getMessage();
            assertTrue(!message.contains("hush"), message);
        }
    }
}
