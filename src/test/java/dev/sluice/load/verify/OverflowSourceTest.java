package dev.sluice.load.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.BundledServer;
import dev.sluice.load.verify.Source.Place;
import dev.sluice.node.VerifySources;
import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real Redis, with a password that has to be encoded in a URI. */
@Tag("contract")
@Timeout(60)
class OverflowSourceTest {

    private record Found(
            Place place,
            UUID id,
            String account,
            String key,
            @Nullable Fingerprint content,
            Fingerprint stored) {}

    private static final String ODD_PASSWORD = "p:@+%41";

    private static TestRedis redis;

    private final Map<String, Order> written = new LinkedHashMap<>();

    @BeforeAll
    static void start() {
        redis = TestRedis.start(BundledServer.Options.defaults().with("user odd", "on >" + ODD_PASSWORD + " ~* +@all"));
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.ask("FLUSHALL");
    }

    private static String uri(String userInfo) {
        return "redis://" + userInfo + "127.0.0.1:" + redis.port();
    }

    private final OverflowSource.Decoder decoder =
            new OverflowSource.Decoder(value -> decoded("q", value), value -> decoded("d", value));

    private Order decoded(String kind, byte[] value) {
        Order order = written.get(kind + new String(value, StandardCharsets.UTF_8));
        if (order == null) {
            throw new IllegalArgumentException("version 9 is not known");
        }
        return order;
    }

    private void put(String key, String field, String kind, Order order) {
        String value = "v" + written.size();
        written.put(kind + value, order);
        redis.ask("HSET", key, field, value);
    }

    private List<Found> search() throws Exception {
        return search(uri("odd:p%3A%40+%2541@"));
    }

    private List<Found> search(String uri) throws Exception {
        List<Found> found = new ArrayList<>();
        VerifySources.overflow(SluiceConfig.of("redis.uri=" + uri).redis(), decoder)
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
        put("sluice:{12}:orders", other.id().toString(), "q", other);
        assertEquals(
                List.of(
                        expected(Place.QUEUED, queued),
                        expected(Place.QUEUED, other),
                        expected(Place.DEAD, dead),
                        expected(Place.TOMBSTONE, discarded)),
                search());
    }

    @Test
    void otherKeysAreLeftAlone() throws Exception {
        Order order = TestOrders.order("t-1");
        put("sluice:0:orders", order.id().toString(), "q", order);
        put("sluice:{0}:orders:old", order.id().toString(), "q", order);
        assertEquals(List.of(), search());
    }

    /** More than a page, and values that are no text. */
    @Test
    void hashesAreReadToTheirEnd() throws Exception {
        Set<String> expected = new HashSet<>();
        String[] command = new String[2 + 2 * 3_000];
        command[0] = "HSET";
        command[1] = "sluice:{0}:orders";
        for (int i = 0; i < 3_000; i++) {
            Order order = TestOrders.order("t-" + i);
            written.put("q\u00e9\r\n" + i, order);
            command[2 + 2 * i] = order.id().toString();
            command[3 + 2 * i] = "\u00e9\r\n" + i;
            expected.add("t-" + i);
        }
        redis.ask(command);
        assertEquals(expected, search().stream().map(Found::key).collect(Collectors.toSet()));
    }

    @Test
    void otherRunsAndOrdersWithoutAKeyAreNotTold() throws Exception {
        for (Order order : List.of(TestOrders.order("u-1"), TestOrders.order(null))) {
            put("sluice:{0}:orders", order.id().toString(), "q", order);
        }
        assertEquals(List.of(), search());
    }

    private static Order changed(Order order, String customerId, String total) {
        return new Order(
                order.id(),
                order.account(),
                order.clientOrderId(),
                customerId,
                order.currency(),
                total,
                order.itemsJson(),
                order.attributesJson(),
                order.acceptedAtMicros(),
                order.fingerprint());
    }

    @Test
    void anotherTotalThanThatOfTheItemsIsNoContent() throws Exception {
        Order order = TestOrders.order("t-1", 1);
        put("sluice:{0}:orders", order.id().toString(), "q", changed(order, order.customerId(), order.total() + "1"));
        assertNull(search().get(0).content);
    }

    @Test
    void theContentIsRecomputed() throws Exception {
        Order order = TestOrders.order("t-1", 1);
        put("sluice:{0}:orders", order.id().toString(), "q", changed(order, "another", order.total()));
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
        redis.ask("HSET", "sluice:{0}:orders", order.id().toString(), "\t");
        assertEquals(List.of(), search());
    }

    @Test
    void aUserWhoIsNotLetInIsTold() {
        assertTrue(refusal(uri("")).contains("NOAUTH"), refusal(uri("")));
        assertTrue(refusal(uri(":hush@")).contains("WRONGPASS"), refusal(uri(":hush@")));
        assertTrue(refusal(uri("other:hush@")).contains("WRONGPASS"), refusal(uri("other:hush@")));
    }

    @Test
    void aMissingRedisIsTold() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        String message = refusal("redis://:hush@127.0.0.1:" + free);
        assertTrue(message.startsWith("cannot use the Redis at redis://:***@127.0.0.1:" + free + ": "), message);
    }

    @Test
    void redissBeginsWithAHandshake() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> firstByte(server));
            refusal("rediss://:hush@127.0.0.1:" + server.getLocalPort());
            assertEquals(0x16, first.get(10, TimeUnit.SECONDS), "the record type of a TLS handshake");
        }
    }

    private static int firstByte(ServerSocket server) {
        try (Socket client = server.accept()) {
            return client.getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String refusal(String uri) {
        String message = String.valueOf(
                assertThrows(Source.Unreachable.class, () -> search(uri)).getMessage());
        assertFalse(message.contains("hush"), message);
        return message;
    }
}
