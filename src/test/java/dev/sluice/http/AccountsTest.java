package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.auth.KeyText;
import dev.sluice.auth.Scope;
import dev.sluice.order.OrderId;
import dev.sluice.rig.Await;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestKeys;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients with keys at a real node: whose an order is, and how long a key works. */
@Tag("contract")
@Timeout(120)
class AccountsTest {

    private static final int REFRESH_MS = 400;

    @TempDir
    static Path folder;

    private static String database;
    private static TestRedis redis;
    private static TestKeys keys;
    private static KeyText shop;
    private static KeyText market;
    private static KeyText operator;
    private static Node node;
    private static OrderClient client;

    @BeforeAll
    static void start() throws Exception {
        database = TestPostgres.freshDatabase();
        redis = TestRedis.start();
        keys = new TestKeys(database);
        shop = keys.of("shop");
        market = keys.of("market");
        operator = keys.of("ops", EnumSet.allOf(Scope.class));
        node = started(database, "kept", "redis.uri=" + redis.uri());
        client = node.client();
    }

    private static Node started(String uri, String snapshot, String... more) {
        String[] sets = new String[more.length + 3];
        sets[0] = "auth.mode=keys";
        sets[1] = "auth.refreshMs=" + REFRESH_MS;
        sets[2] = "auth.snapshotFile=" + folder.resolve(snapshot);
        System.arraycopy(more, 0, sets, 3, more.length);
        return Node.start(uri, sets);
    }

    @AfterAll
    static void stop() {
        client.close();
        node.close();
        redis.close();
    }

    private static Reply post(OrderClient to, KeyText key, String order) {
        return to.post(order, TestKeys.header(key));
    }

    private static Reply get(KeyText key, String target) {
        return client.send("GET", target, null, new byte[0], TestKeys.header(key));
    }

    /** The same key of two accounts is two orders, each under an id of its own. */
    @Test
    void twoAccountsWithOneClientOrderIdHaveTwoOrders() {
        String key = Node.key();
        String order = TestOrders.document(key);
        Reply ofShop = post(client, shop, order);
        Reply ofMarket = post(client, market, order);
        assertEquals(201, ofShop.status(), ofShop.body());
        assertEquals(201, ofMarket.status(), ofMarket.body());
        assertNull(ofMarket.header("Idempotent-Replayed"), "it is no replay of another's");
        assertEquals(OrderId.of("shop", key).toString(), ofShop.json().getString("id"));
        assertEquals(OrderId.of("market", key).toString(), ofMarket.json().getString("id"));
        assertEquals("2", node.rows(key));
        assertEquals(
                "market,shop",
                TestPostgres.queryText(
                        database,
                        "select string_agg(account, ',' order by account) from orders where client_order_id = '" + key
                                + "'"));
        assertEquals("true", post(client, shop, order).header("Idempotent-Replayed"));
        assertEquals("2", node.rows(key));
    }

    /** Other content under the same key is a conflict with the own order, never with another's. */
    @Test
    void anothersOrderIsNoConflict() {
        String key = Node.key();
        post(client, shop, TestOrders.document(key));
        String other = TestOrders.document(key).replace("EUR", "USD");
        assertEquals(201, post(client, market, other).status());
        assertEquals(422, post(client, shop, other).status());
    }

    @Test
    void anothersOrderIsNotThere() {
        String key = Node.key();
        Reply stored = post(client, shop, TestOrders.document(key));
        String byId = "/orders/" + stored.json().getString("id");
        String byKey = "/orders?clientOrderId=" + key;
        assertEquals(200, get(shop, byId).status());
        assertEquals(200, get(shop, byKey).status());
        assertEquals(404, get(market, byId).status());
        assertEquals(404, get(market, byKey).status());
        assertEquals("not_found", get(market, byId).code());
    }

    @Test
    void linesOfABulkRequestAreTheAccounts() {
        String key = Node.key();
        byte[] body = TestOrders.document(key).getBytes(StandardCharsets.UTF_8);
        Reply ofShop = client.bulk(body, OrderClient.NDJSON, TestKeys.header(shop));
        Reply ofMarket = client.bulk(body, OrderClient.NDJSON, TestKeys.header(market));
        assertEquals(201, ofShop.status(), ofShop.body());
        String id = ofMarket.lines().get(0).getString("id");
        assertNotEquals(ofShop.lines().get(0).getString("id"), id);
        assertNull(ofMarket.lines().get(0).getBoolean("replayed"));
        assertEquals(404, get(shop, "/orders/" + id).status());
        assertEquals("2", node.rows(key));
    }

    @Test
    void ordersAreCountedByAccount() {
        post(client, shop, TestOrders.document(Node.key()));
        post(client, market, TestOrders.document(Node.key()));
        try (OrderClient admin = node.admin()) {
            String metrics = admin.send("GET", "/metrics", null, new byte[0], TestKeys.header(operator))
                    .body();
            assertTrue(metrics.contains("sluice_account_orders_total{account=\"shop\"}"), metrics);
            assertTrue(metrics.contains("sluice_account_orders_total{account=\"market\"}"), metrics);
        }
    }

    @Test
    void aRevokedKeyWorksNoLongerThanARefresh() {
        KeyText leaked = keys.of("shop");
        Await.until("the new key works", () -> post(client, leaked, "{}").status() == 400);
        keys.revoke(leaked);
        Await.until("it works no more", () -> post(client, leaked, "{}").status() == 401);
        assertEquals("invalid_token", post(client, leaked, "{}").code());
    }

    /** PostgreSQL is frozen: keys stay what they were, and a restart in the outage knows them too. */
    @Test
    void anOutageOfPostgresLocksOutNoClient() throws Exception {
        Path kept = folder.resolve("outage");
        try (TcpProxy postgres = TcpProxy.at(0, database)) {
            String queue = "redis.uri=" + redis.uri();
            try (Node first = started(postgres.uri(), "outage", queue);
                    OrderClient orders = first.client()) {
                assertEquals(
                        201, post(orders, shop, TestOrders.document(Node.key())).status());
                Await.until("keys are kept", () -> Files.exists(kept));
                postgres.mute(true);
                Await.state(
                        "orders are queued",
                        () -> post(orders, shop, TestOrders.document(Node.key()))
                                        .status()
                                == 202);
                Await.pause("several refreshes fail", 4 * REFRESH_MS);
                assertEquals(
                        202, post(orders, shop, TestOrders.document(Node.key())).status());
                assertEquals(
                        202,
                        post(orders, market, TestOrders.document(Node.key())).status());
                assertEquals(401, orders.post("{}").status());
            }
            try (Node second = started(postgres.uri(), "outage", queue);
                    OrderClient orders = second.client()) {
                assertEquals(
                        202, post(orders, shop, TestOrders.document(Node.key())).status());
                postgres.mute(false);
                postgres.cut();
                Await.until(
                        "PostgreSQL is back",
                        () -> post(orders, shop, TestOrders.document(Node.key()))
                                        .status()
                                == 201);
            }
            Files.delete(kept);
            postgres.mute(true);
            try (Node third = started(postgres.uri(), "outage", queue);
                    OrderClient orders = third.client()) {
                assertEquals(
                        "auth_unavailable",
                        post(orders, shop, TestOrders.document(Node.key())).code());
            }
            postgres.mute(false);
        }
    }

    @Test
    void theAdminListenerTakesKeysWithTheirScopes() {
        KeyText reads = keys.of("ops", Set.of(Scope.OPS_READ));
        try (OrderClient admin = node.admin()) {
            Await.until(
                    "the new key works", () -> admin(admin, "/version", reads).status() == 200);
            assertEquals(401, admin.get("/version").status());
            assertEquals(200, admin.get("/readyz").status(), "probes have no key");
            assertEquals(
                    "insufficient_scope",
                    admin(admin, "/admin/dead-letters", reads).code());
            assertEquals(200, admin(admin, "/admin/dead-letters", operator).status());
            assertEquals("insufficient_scope", admin(admin, "/version", shop).code());
        }
    }

    private static Reply admin(OrderClient admin, String target, KeyText key) {
        return admin.send("GET", target, null, new byte[0], TestKeys.header(key));
    }
}
