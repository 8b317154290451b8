package dev.sluice.http;

import static dev.sluice.rig.HttpSocket.ORDER;
import static dev.sluice.store.TestOrders.document;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bulk.BulkBody;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.order.Outcome;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an account hears that submits more than it may. */
@Tag("contract")
@Timeout(30)
class QuotasTest {

    private static final Contract CONTRACT = new Contract();

    /** An hour or so for one more order, so that a slow test sees none of it. */
    private static final String SLOW = "quota.default.ordersPerSecond=1";

    private ScriptedNode node;

    private void node(Outcome outcome, String... sets) throws Exception {
        node = new ScriptedNode(sets);
        node.writer(batch -> Future.succeededFuture(
                new OutcomeBatch(Collections.nCopies(batch.orders().size(), outcome), 7)));
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    private static Outcome committed() {
        return new Outcome.Committed(1_700_000_000_000_000L);
    }

    private static String[] orders(int count) {
        return IntStream.range(0, count).mapToObj(i -> document(null)).toArray(String[]::new);
    }

    @Test
    void beyondTheQuotaIs429AsDocumentedAndNoVerdictOnTheOrder() throws Exception {
        node(committed(), SLOW, "quota.default.burst=2");
        assertEquals(201, node.client.post(document(null)).status());
        Reply last = node.client.post(document(null));
        assertEquals(201, last.status());
        assertEquals("\"default\";q=2;w=2", last.header("ratelimit-policy"));
        assertTrue(last.header("ratelimit").startsWith("\"default\";r=0;t="), last.header("ratelimit"));
        Reply refused = node.client.post(document(null));
        assertEquals(429, refused.status());
        assertEquals("quota_exceeded", refused.code());
        assertEquals("1", refused.header("retry-after"));
        assertEquals(List.of(), CONTRACT.faults("/orders", "post", refused), refused.body());
        assertFalse(refused.isLast(), "a client that is too fast keeps its connection");
        Await.until("the next second", () -> node.client.post(document(null)).status() == 201);
    }

    @Test
    void withoutAQuotaNothingIsSaid() throws Exception {
        node(committed());
        Reply reply = node.client.post(document(null));
        assertEquals(201, reply.status());
        assertNull(reply.header("ratelimit"));
        assertNull(reply.header("ratelimit-policy"));
    }

    @Test
    void aBulkRequestOfNTakesNAndIsRefusedWhole() throws Exception {
        node(committed(), SLOW, "quota.default.burst=1000");
        assertEquals(201, node.client.bulk(orders(600)).status());
        Reply refused = node.client.bulk(orders(600));
        assertEquals(429, refused.status());
        assertEquals("quota_exceeded", refused.code());
        assertTrue(Integer.parseInt(refused.header("retry-after")) > 100, refused.header("retry-after"));
        assertEquals(600, node.bulkOrders.get(), "nothing of it was sent to a writer");
        assertEquals(201, node.client.bulk(orders(400)).status(), "the refused one took nothing");
    }

    @Test
    void aBulkRequestThatNoBurstHoldsIs400() throws Exception {
        node(committed(), SLOW, "quota.default.burst=100");
        Reply refused = node.client.bulk(orders(101));
        assertEquals(400, refused.status());
        assertEquals("bulk_exceeds_quota", refused.code());
        assertNull(refused.header("retry-after"));
        assertEquals(
                List.of(),
                CONTRACT.bodyFaults("/orders/batch", "post", 400, "application/problem+json", refused.body()));
        assertEquals(201, node.client.bulk(orders(100)).status());
    }

    @Test
    void a503GivesItsTokensBack() throws Exception {
        node(new Outcome.NotStored("no store"), SLOW, "quota.default.burst=100");
        for (int i = 0; i < 5; i++) {
            assertEquals(503, node.client.post(document(null)).status());
            assertEquals(503, node.client.bulk(orders(100)).status());
        }
        assertEquals("\"default\";r=100;t=0", node.client.post(document(null)).header("ratelimit"));
    }

    @Test
    void anOrderThatIsRefusedForItsContentCounts() throws Exception {
        node(committed(), SLOW, "quota.default.burst=3");
        assertEquals(400, node.client.post("{}").status());
        assertEquals(
                415,
                node.client.send("POST", "/orders", "text/xml", new byte[] {1}).status());
        assertEquals(400, node.client.bulk("{}").status());
        assertEquals(429, node.client.post(document(null)).status());
    }

    /** The body of a refused request is not asked for, and none of it is held. */
    @Test
    void theQuotaIsAskedBeforeTheBody() throws Exception {
        node(committed(), "quota.default.ordersPerSecond=0");
        try (HttpSocket client = new HttpSocket(node.port)) {
            client.send("POST /orders/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + BulkBody.BYTES_MAX + "\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(429, client.read().status());
        }
        try (HttpSocket client = new HttpSocket(node.port)) {
            client.send("POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + ORDER.length() + "\r\n\r\n");
            assertEquals(429, client.read().status(), "before a byte of the body came");
        }
        assertEquals(0, node.memory.held());
    }

    @Test
    void bytesOfABodyInChunksCountToo() throws Exception {
        node(committed(), "quota.default.bytesPerSecond=1");
        String chunked = "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(ORDER.length()) + "\r\n" + ORDER
                + "\r\n0\r\n\r\n";
        try (HttpSocket client = new HttpSocket(node.port)) {
            assertEquals(201, client.send(chunked).read().status());
            Reply refused = client.send(chunked).read();
            assertEquals(429, refused.status());
            assertTrue(refused.json().getString("detail").contains("bytesPerSecond"), refused.body());
            assertTrue(Integer.parseInt(refused.header("retry-after")) > 30, refused.header("retry-after"));
        }
    }

    /** What a client sends and gives up costs what came of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orders application/json",
                "/orders/batch application/json",
                "/orders/batch application/x-ndjson"
            })
    void bytesOfABodyThatIsNeverWholeCountToo(String call) throws Exception {
        node(committed(), "quota.default.bytesPerSecond=1");
        String[] parts = call.split(" ", 2);
        try (HttpSocket client = new HttpSocket(node.port)) {
            client.send("POST " + parts[0] + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + parts[1]
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n[" + " ".repeat(999) + "\r\n");
            Await.until("it has begun", () -> node.memory.held() > 0);
        }
        Await.until("it is given up", () -> node.memory.held() == 0);
        Reply refused = node.client.post(document(null));
        assertEquals(429, refused.status());
        assertTrue(Integer.parseInt(refused.header("retry-after")) > 900, refused.header("retry-after"));
    }

    /** Refused in its middle, at the first byte that makes it none: what came before is not for nothing. */
    @Test
    void bytesOfABodyThatIsRefusedCountToo() throws Exception {
        node(committed(), "quota.default.bytesPerSecond=1");
        try (HttpSocket client = new HttpSocket(node.port)) {
            client.send("POST /orders/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n[" + " ".repeat(998) + "}\r\n0\r\n\r\n");
            assertEquals(400, client.read().status());
        }
        assertEquals(429, node.client.post(document(null)).status());
    }

    @Test
    void aConnectionTooManyIsRefusedAndEndsAndOneThatEndedMakesRoom() throws Exception {
        node(committed(), "quota.default.connections=1");
        assertEquals(201, node.client.post(document(null)).status());
        assertEquals(201, node.client.post(document(null)).status(), "the same connection counts once");
        try (OrderClient other = new OrderClient(node.port)) {
            Reply refused = other.post(document(null));
            assertEquals(429, refused.status());
            assertTrue(refused.isLast());
            assertNotNull(refused.header("retry-after"));
            for (String target : List.of("/orders?clientOrderId=x", "/orders/00000000-0000-0000-0000-000000000001")) {
                Reply lookUp = other.get(target);
                assertEquals(429, lookUp.status(), "look-ups are no way round it");
                String path = target.contains("?") ? "/orders" : "/orders/{id}";
                assertEquals(List.of(), CONTRACT.faults(path, "get", lookUp), lookUp.body());
            }
            node.client.reconnect();
            Await.until("room", () -> other.post(document(null)).status() == 201);
        }
    }

    @Test
    void bulkRequestsInProgressAreBounded() throws Exception {
        node(committed(), "quota.default.concurrentBulk=1", "http.deadlineMs=20000");
        String head = "POST /orders/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                + "Content-Length: " + (ORDER.length() + 1) + "\r\n\r\n";
        try (HttpSocket slow = new HttpSocket(node.port)) {
            slow.send(head + ORDER.substring(0, 10));
            Await.until("one is in progress", () -> node.memory.held() > 0);
            assertEquals(429, node.client.bulk(orders(1)).status());
            assertEquals(201, node.client.post(document(null)).status(), "a live order is none");
            slow.send(ORDER.substring(10) + "\n");
            assertEquals(201, slow.read().status());
        }
        assertEquals(201, node.client.bulk(orders(1)).status());
        assertEquals(415, node.client.bulk(new byte[] {1}, "text/xml").status());
        assertEquals(201, node.client.bulk(orders(1)).status(), "one that was refused is over");
    }
}
