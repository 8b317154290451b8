package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.auth.Scope;
import dev.sluice.order.OrderId;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestKeys;
import dev.sluice.rig.TestPostgres;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Every status that the contract documents of orders comes from a running node, with the body it documents. */
@Tag("contract")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DocumentedStatusesTest {

    /** Needs an overflow or quotas, which this node has not: see {@link QueuedAnswersTest}, {@link QuotasTest}. */
    private static final Set<String> ELSEWHERE =
            Set.of("/orders post 202", "/orders post 429", "/orders get 429", "/orders/{id} get 429");

    private static final String KEYED =
            HttpSocket.ORDER.replace("{\"customerId", "{\"clientOrderId\":\"%s\",\"customerId");
    private static final Contract CONTRACT = new Contract();
    private static final Set<String> SEEN = new TreeSet<>();

    private static String database;
    private static TcpProxy postgres;
    private static Node node;
    private static Node asked;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws Exception {
        database = TestPostgres.freshDatabase();
        postgres = TcpProxy.at(0, database);
        node = Node.start(postgres.uri(), "http.deadlineMs=1500", "bus.deadlineMs=1200", "writer.deadlineMs=600");
        asked = node;
    }

    @AfterAll
    static void stop() {
        node.close();
        postgres.close();
    }

    private static Reply ask(String request) {
        try (HttpSocket client = new HttpSocket(asked.port())) {
            return client.send(request).read();
        }
    }

    private static Reply submitted(int status, String request) {
        return checked("/orders", "post", status, ask(request));
    }

    private static Reply found(int status, String target) {
        return checked(
                target.startsWith("/orders/") ? "/orders/{id}" : "/orders", "get", status, ask(HttpSocket.get(target)));
    }

    private static Reply checked(String path, String method, int status, Reply reply) {
        assertEquals(status, reply.status(), reply.body());
        assertEquals(java.util.List.of(), CONTRACT.faults(path, method, reply), reply.body());
        assertFalse(reply.body().contains("Exception") || reply.body().contains("\\tat "), reply.body());
        SEEN.add(path + " " + method + " " + status);
        return reply;
    }

    private static void assertCode(String code, Reply reply) {
        assertEquals(code, reply.code());
    }

    private static String keyed(String key) {
        return HttpSocket.post("", KEYED.formatted(key));
    }

    @Test
    @Order(1)
    void committedAndReplayedOrdersAre201() {
        Reply stored = submitted(201, keyed("k"));
        Reply replayed = submitted(201, keyed("k"));
        assertEquals(stored.body(), replayed.body());
        assertEquals("true", replayed.header("idempotent-replayed"));
        assertEquals(stored.body(), found(200, "/orders?clientOrderId=k").body());
        assertEquals(stored.body(), found(200, stored.header("location")).body());
        assertEquals(201, submitted(201, HttpSocket.post("", HttpSocket.ORDER)).status());
    }

    @Test
    @Order(2)
    void whatIsNoGoodOrderIsRefused() {
        assertCode("invalid_order", submitted(400, HttpSocket.post("", "{}")));
        assertCode("bad_request", submitted(400, HttpSocket.post("Idempotency-Key: \"x\r\n", HttpSocket.ORDER)));
        assertCode("body_too_large", submitted(413, HttpSocket.post("", HttpSocket.ORDER + " ".repeat(65_536))));
        assertCode("unsupported_media_type", submitted(415, keyed("k").replace("application/json", "text/xml")));
        assertCode("client_order_id_reused", submitted(422, keyed("k").replace("EUR", "USD")));
        assertCode("request_timeout", submitted(408, keyed("k").replaceFirst("}$", "")));
    }

    @Test
    @Order(3)
    void anOrderThatPostgresRefusesIs422() {
        TestPostgres.execute(database, "alter table orders add constraint no_pounds check (currency <> 'GBP')");
        assertCode("order_refused", submitted(422, keyed("pounds").replace("EUR", "GBP")));
        found(404, "/orders?clientOrderId=pounds");
    }

    @Test
    @Order(4)
    void whatIsNotThereIs404() {
        found(400, "/orders");
        found(404, "/orders?clientOrderId=absent");
        found(404, "/orders/nothing");
    }

    /** The row was sent, its answer kept back: the node cannot know, and it is there when PostgreSQL answers again. */
    @Test
    @Order(5)
    void anUnknownOutcomeIs503() {
        postgres.mute(true);
        Reply unknown = submitted(503, keyed("unknown"));
        assertCode("outcome_unknown", unknown);
        String id = unknown.json().getString("id");
        assertEquals(OrderId.of("default", "unknown").toString(), id);
        assertNotNull(unknown.header("retry-after"));
        postgres.mute(false);
        postgres.cut();
        eventually(200, "/orders/" + id);
        assertEquals("true", eventuallyCommitted(keyed("unknown")).header("idempotent-replayed"));
    }

    @Test
    @Order(6)
    void anOrderThatWasNotStoredIs503() {
        postgres.refuse(true);
        awaitNoticed();
        Reply refused = submitted(503, keyed("refused"));
        assertCode("not_stored", refused);
        assertTrue(Integer.parseInt(refused.header("retry-after")) >= 1);
        Await.until("no store answers look-ups", () -> {
            postgres.cut(); // a connection that was just being made may come through, also after the last cut
            return ask(HttpSocket.get("/orders?clientOrderId=k")).status() == 503;
        });
        assertCode("stores_unreachable", found(503, "/orders?clientOrderId=k"));
        assertCode("stores_unreachable", found(503, "/orders/" + OrderId.of("default", "k")));
        postgres.refuse(false);
        eventually(404, "/orders?clientOrderId=refused");
        eventuallyCommitted(keyed("refused"));
    }

    /** What comes while the writer's connections are being cut may be sent on one of them, and is unknown then. */
    private static void awaitNoticed() {
        AtomicInteger early = new AtomicInteger();
        Await.until(
                "not_stored",
                () -> submitted(503, keyed("early-" + early.incrementAndGet()))
                        .code()
                        .equals("not_stored"));
    }

    /** Look-ups and writers have connections of their own, and either may be back first. */
    private static Reply eventuallyCommitted(String request) {
        Await.until("201", () -> ask(request).status() == 201);
        return submitted(201, request);
    }

    private static void eventually(int status, String target) {
        Await.until(target + " is " + status, () -> ask(HttpSocket.get(target)).status() == status);
        found(status, target);
    }

    @Test
    @Order(7)
    void clientsThatMayNotAre401And403() {
        TestKeys keys = new TestKeys(database);
        String submits = TestKeys.header(keys.of("shop", EnumSet.of(Scope.SUBMIT))) + "\r\n";
        String reads = TestKeys.header(keys.of("shop", EnumSet.of(Scope.READ))) + "\r\n";
        try (Node asking =
                Node.start(database, "auth.mode=keys", "auth.snapshotFile=" + folder.resolve("api-keys.json"))) {
            asked = asking;
            assertCode("unauthenticated", submitted(401, keyed("k")));
            assertCode("insufficient_scope", submitted(403, HttpSocket.post(reads, KEYED.formatted("k"))));
            for (String target : new String[] {"/orders?clientOrderId=k", "/orders/" + OrderId.of("shop", "k")}) {
                String path = target.contains("?") ? "/orders" : "/orders/{id}";
                assertCode("unauthenticated", found(401, target));
                String get = HttpSocket.get(target).replace("\r\n\r\n", "\r\n" + submits + "\r\n");
                assertCode("insufficient_scope", checked(path, "get", 403, ask(get)));
            }
        } finally {
            asked = node;
        }
    }

    @Test
    @Order(8)
    void nothingElseIsDocumented() {
        Set<String> documented = new TreeSet<>();
        for (String operation : new String[] {"/orders post", "/orders get", "/orders/{id} get"}) {
            String[] parts = operation.split(" ", 2);
            CONTRACT.operation(parts[0], parts[1]).getJsonObject("responses").fieldNames().stream()
                    .filter(status -> !status.equals("default")) // What any call may be answered, of no one status.
                    .forEach(status -> documented.add(operation + " " + status));
        }
        documented.removeAll(ELSEWHERE);
        assertEquals(String.join("\n", documented), String.join("\n", SEEN));
    }
}
