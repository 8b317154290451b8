package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.order.OrderId;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node as its clients see it: every answer of POST and GET. */
@Tag("contract")
class NodeTest {

    private static final int BODY_BYTES_MAX = 65_536;

    private static String uri;
    private static Node node;
    private OrderClient client;

    @BeforeAll
    static void start() throws Exception {
        uri = TestPostgres.freshDatabase();
        node = Node.start(uri);
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @BeforeEach
    void connect() throws Exception {
        client = node.client();
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close();
    }

    private static String order(String key) {
        return TestOrders.document(key, 1, "12.50");
    }

    @Test
    void aNewOrderIsCommittedBeforeItsAnswer() throws Exception {
        Reply answer = client.post(order("new"));
        assertEquals(201, answer.status(), answer.body());
        assertEquals("1", node.rows("new"));
        JsonObject document = answer.json();
        String id = OrderId.of("default", "new").toString();
        assertEquals(id, document.getString("id"));
        assertEquals("/orders/" + id, answer.header("location"));
        assertEquals("application/json", answer.header("content-type"));
        assertNull(answer.header("idempotent-replayed"));
        assertEquals("committed", document.getString("status"));
        assertEquals("12.50", document.getString("total"));
        assertTime(document, "committedAt");
        assertTime(document, "acceptedAt");
        Reply found = client.get(answer.header("location"));
        assertEquals(200, found.status());
        assertEquals(answer.body(), found.body(), "POST and GET answer the same document");
    }

    private static void assertTime(JsonObject document, String field) {
        assertEquals(
                TestPostgres.queryText(
                        uri,
                        "select to_char(" + ("acceptedAt".equals(field) ? "accepted_at" : "committed_at")
                                + " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from orders where id = '"
                                + document.getString("id") + "'"),
                document.getString(field));
    }

    @Test
    void aRetryIsAnsweredWithTheOriginal() throws Exception {
        Reply first = client.post(order("again"));
        Reply retry = client.post(TestOrders.document("again", 1, "12.5"));
        assertEquals(201, retry.status());
        assertEquals("true", retry.header("idempotent-replayed"));
        assertEquals(first.body(), retry.body());
        assertEquals(first.header("location"), retry.header("location"));
        assertEquals("1", node.rows("again"));
    }

    @Test
    void aKeyWithOtherContentIsRefusedForThatOrderAlone() throws Exception {
        client.post(order("reused"));
        Reply other = client.post(TestOrders.document("reused", 2, "12.50"));
        assertEquals(422, other.status());
        assertEquals("client_order_id_reused", other.code());
        assertEquals("application/problem+json", other.header("content-type"));
        assertEquals(201, client.post(order("reused-not")).status());
        assertEquals("1", node.rows("reused"));
    }

    @Test
    void withoutAKeyEachIsAnOrderOfItsOwn() throws Exception {
        Reply one = client.post(order(null));
        Reply two = client.post(order(null));
        assertEquals(201, two.status());
        assertNotEquals(one.json().getString("id"), two.json().getString("id"));
        assertFalse(one.json().containsKey("clientOrderId"));
        assertEquals(7, UUID.fromString(one.json().getString("id")).version());
        assertEquals(one.body(), client.get(one.header("location")).body());
    }

    @Test
    void aBadOrderHearsOfEveryFaultAtOnce() throws Exception {
        Reply bad = client.post("{\"customerId\":\"\",\"currency\":\"XXX\",\"items\":[{\"sku\":\"A\",\"quantity\":0,"
                + "\"unitPrice\":\"1e3\"}],\"color\":1}");
        assertEquals(400, bad.status());
        assertEquals("application/problem+json", bad.header("content-type"));
        List<String> pointers = new ArrayList<>();
        bad.json().getJsonArray("errors").forEach(error -> pointers.add(((JsonObject) error).getString("pointer")));
        assertEquals(
                List.of("/customerId", "/currency", "/items/0/quantity", "/items/0/unitPrice", "/color"), pointers);
        assertEquals(
                List.of("type", "title", "status", "detail", "code", "errors"),
                new ArrayList<>(bad.json().fieldNames()));
        for (String text : List.of("", "{", "[]", "null", order("k") + "x")) {
            assertEquals(400, client.post(text).status(), text);
        }
    }

    @Test
    void aBodyIsTakenUpToItsLimit() throws Exception {
        String order = order("padded");
        assertEquals(201, client.post(padded(order, BODY_BYTES_MAX - 1)).status());
        assertEquals(201, client.post(padded(order, BODY_BYTES_MAX)).status());
        try (OrderClient large = node.client()) {
            Reply refused = large.post(padded(order, BODY_BYTES_MAX + 1));
            assertEquals(413, refused.status());
            assertEquals("body_too_large", refused.code());
        }
    }

    private static String padded(String text, int length) {
        return text + " ".repeat(length - text.length());
    }

    @Test
    void anotherMediaTypeIsRefused() throws Exception {
        for (String type : new String[] {
            null,
            "text/plain",
            "application/xml",
            "application/json; charset=latin1",
            "application/json; charset=utf-16"
        }) {
            try (OrderClient other = node.client()) {
                Reply refused =
                        other.send("POST", "/orders", type, order("typed").getBytes(UTF_8));
                assertEquals(415, refused.status(), type);
            }
        }
        for (String type : new String[] {
            "application/json; charset=utf8", "application/json;charset='utf-8'", "application/json; charset=US-ASCII"
        }) {
            assertEquals(
                    201,
                    client.send("POST", "/orders", type, order("typed").getBytes(UTF_8))
                            .status(),
                    type);
        }
        assertEquals(
                201,
                client.send(
                                "POST",
                                "/orders",
                                "Application/JSON; charset=UTF-8",
                                order("typed").getBytes(UTF_8))
                        .status());
    }

    @Test
    void theIdempotencyKeyHeaderIsTheClientOrderId() throws Exception {
        Reply quoted = client.post(order(null), "Idempotency-Key: \"by-header\"");
        assertEquals(201, quoted.status());
        assertEquals("by-header", quoted.json().getString("clientOrderId"));
        for (String header : List.of("Idempotency-Key: by-header", "idempotency-key: \"by-header\"")) {
            Reply again = client.post(order(null), header);
            assertEquals(quoted.body(), again.body());
            assertEquals("true", again.header("idempotent-replayed"));
        }
        assertEquals(
                quoted.body(),
                client.post(order("by-header"), "Idempotency-Key: by-header").body());
        assertEquals(
                400, client.post(order("by-body"), "Idempotency-Key: by-header").status());
        assertEquals(400, client.post(order(null), "Idempotency-Key: \"open").status());
        assertEquals(
                400,
                client.post(order(null), "Idempotency-Key: a", "Idempotency-Key: a")
                        .status());
        assertEquals(
                400,
                client.post(order(null), "Idempotency-Key: " + "k".repeat(65)).status());
        assertEquals("0", node.rows("by-body"));
    }

    @Test
    void whatTheDatabaseForbidsIsRefusedAndItsNeighboursCommit() throws Exception {
        TestPostgres.execute(uri, "alter table orders add constraint no_gbp check (currency <> 'GBP')");
        List<Integer> statuses =
                atOnce(40, i -> i % 10 == 3 ? order("poison" + i).replace("EUR", "GBP") : order("neighbour" + i));
        for (int i = 0; i < statuses.size(); i++) {
            assertEquals(i % 10 == 3 ? 422 : 201, statuses.get(i), "order " + i);
        }
        Reply refused = client.post(order("poison").replace("EUR", "GBP"));
        assertEquals("order_refused", refused.code());
        assertEquals(
                "The database will never take this order: PostgreSQL answered SQLSTATE 23514.",
                refused.json().getString("detail"),
                "no name of a constraint, no row");
        assertEquals(
                404, client.get("/orders/" + OrderId.of("default", "poison")).status());
    }

    private interface Body {
        String of(int index);
    }

    /** Each on a connection of its own. */
    private static List<Integer> atOnce(int requests, Body body) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(requests);
        try {
            List<java.util.concurrent.Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                int index = i;
                calls.add(() -> {
                    try (OrderClient one = node.client()) {
                        return one.post(body.of(index)).status();
                    }
                });
            }
            List<Integer> statuses = new ArrayList<>();
            for (var call : pool.invokeAll(calls)) {
                statuses.add(call.get());
            }
            return statuses;
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void anOrderThatIsNotThereIs404() throws Exception {
        assertEquals(404, client.get("/orders/" + new UUID(1, 2)).status());
        assertEquals(404, client.get("/orders/nonsense").status());
        assertEquals("not_found", client.get("/orders/1-1-1-1-1").code());
    }

    @Test
    void theAdminListenerTellsHowTheNodeFares() throws Exception {
        double committed = node.metric("sluice_orders_total{outcome=\"committed\"}");
        double replayed = node.metric("sluice_orders_total{outcome=\"replayed\"}");
        double conflict = node.metric("sluice_orders_total{outcome=\"conflict\"}");
        double invalid = node.metric("sluice_orders_total{outcome=\"invalid\"}");
        client.post(order("counted"));
        client.post(order("counted"));
        client.post(TestOrders.document("counted", 9, "1"));
        client.post("{}");
        assertEquals(committed + 1, node.metric("sluice_orders_total{outcome=\"committed\"}"));
        assertEquals(replayed + 1, node.metric("sluice_orders_total{outcome=\"replayed\"}"));
        assertEquals(conflict + 1, node.metric("sluice_orders_total{outcome=\"conflict\"}"));
        assertEquals(invalid + 1, node.metric("sluice_orders_total{outcome=\"invalid\"}"));
        assertEquals(1, node.metric("sluice_postgres_up"));
        try (OrderClient admin = node.admin()) {
            assertEquals(200, admin.get("/readyz").status());
            assertEquals(200, admin.get("/healthz").status());
        }
    }
}
