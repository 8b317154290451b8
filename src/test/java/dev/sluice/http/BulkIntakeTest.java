package dev.sluice.http;

import static dev.sluice.rig.OrderClient.NDJSON;
import static dev.sluice.store.TestOrders.document;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** POST /orders/batch of a whole node over a real PostgreSQL: what each line and the whole response say. */
@Tag("contract")
@Timeout(60)
class BulkIntakeTest {

    private static Node node;
    private static OrderClient client;

    @BeforeAll
    static void start() throws Exception {
        node = Node.startForBulk(TestPostgres.freshDatabase());
        client = node.client();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        node.close();
    }

    @Test
    void allCommittedIs201WithAResultForEachOrderInItsOrder() throws Exception {
        String key = Node.key();
        Reply reply = client.bulk(document(key), document(null), document(null));
        assertEquals(201, reply.status());
        assertEquals(NDJSON, reply.header("content-type"));
        assertEquals(
                List.of(1, 2, 3),
                reply.lines().stream().map(l -> l.getInteger("line")).toList());
        assertEquals(List.of(201, 201, 201), reply.statuses());
        assertNull(reply.header("Retry-After"));
        assertEquals("1", node.rows(key));
        assertEquals(200, client.get("/orders/" + id(reply, 1)).status());
    }

    private static String id(Reply reply, int line) {
        return reply.lines().get(line).getString("id");
    }

    @Test
    void anArrayIsAnsweredAsLinesAre() throws Exception {
        Reply reply = client.array(" [" + document(null) + " ,\n" + document(null) + ", 7]\n");
        assertEquals(207, reply.status());
        assertEquals(List.of(201, 201, 400), reply.statuses());
        assertEquals(3, reply.lines().get(2).getInteger("line"));
    }

    @Test
    void aBadLineIs400WithEveryFaultAndItsNeighboursCommit() throws Exception {
        Reply reply = client.bulk(document(null), "{\"currency\":\"XXX\",\"items\":[]}", "{", document(null));
        assertEquals(207, reply.status());
        assertEquals(List.of(201, 400, 400, 201), reply.statuses());
        JsonObject bad = reply.lines().get(1);
        assertEquals("invalid_order", bad.getString("code"));
        assertNotNull(bad.getString("detail"));
        Set<Object> pointers = bad.getJsonArray("errors").stream()
                .map(fault -> ((JsonObject) fault).getString("pointer"))
                .collect(Collectors.toSet());
        assertEquals(Set.of("/currency", "/items", "/customerId"), pointers);
        assertNull(bad.getString("id"));
    }

    @Test
    void noneAcknowledgedAndNoneUnavailableIs400() throws Exception {
        Reply reply = client.bulk("{}", "[]");
        assertEquals(400, reply.status());
        assertEquals(NDJSON, reply.header("content-type"));
        assertEquals(List.of(400, 400), reply.statuses());
    }

    @Test
    void blankLinesAreCountedAndAreNoOrders() throws Exception {
        Reply reply = client.bulk(
                ("\r\n" + document(null) + "\r\n \t\r\n" + document(null)).getBytes(UTF_8),
                "application/x-ndjson; charset=UTF-8");
        assertEquals(201, reply.status());
        assertEquals(
                List.of(2, 4),
                reply.lines().stream().map(l -> l.getInteger("line")).toList());
    }

    @Test
    void theSameRequestAgainIsAReplayOfEveryOrder() throws Exception {
        String[] orders = {document(Node.key()), document(Node.key())};
        Reply first = client.bulk(orders);
        Reply second = client.bulk(orders);
        assertEquals(201, second.status());
        for (int i = 0; i < orders.length; i++) {
            assertNull(first.lines().get(i).getBoolean("replayed"));
            assertTrue(second.lines().get(i).getBoolean("replayed"));
            assertEquals(id(first, i), id(second, i));
        }
    }

    @Test
    void otherContentUnderAStoredKeyIs422() throws Exception {
        String key = Node.key();
        client.post(document(key, 1));
        Reply reply = client.bulk(document(key, 2), document(key, 1));
        assertEquals(207, reply.status());
        assertEquals(List.of(422, 201), reply.statuses());
        assertEquals("client_order_id_reused", reply.lines().get(0).getString("code"));
        assertTrue(reply.lines().get(1).getBoolean("replayed"));
        assertEquals(400, client.bulk(document(key, 3)).status());
    }

    @Test
    void withinARequestTheFirstValidLineWinsAndItsRepeatsShareItsOutcome() throws Exception {
        String key = Node.key();
        Reply reply =
                client.bulk(document(key, 0), document(key, 1), document(key, 2), document(key, 1), document(key, 2));
        assertEquals(List.of(400, 201, 422, 201, 422), reply.statuses());
        assertNull(reply.lines().get(1).getBoolean("replayed"));
        assertTrue(reply.lines().get(3).getBoolean("replayed"));
        assertEquals(id(reply, 1), id(reply, 3));
        assertEquals("1", node.rows(key));
        assertTrue(client.get("/orders/" + id(reply, 1)).body().contains("\"quantity\":1"));
    }

    @Test
    void aRepeatFarBehindTheFirstLineStillFindsIt() throws Exception {
        String key = Node.key();
        String[] orders =
                IntStream.range(0, 3_000).mapToObj(i -> document(null)).toArray(String[]::new);
        orders[0] = document(key, 1);
        orders[2_000] = document(key, 2);
        orders[2_999] = document(key, 1);
        Reply reply = client.bulk(orders);
        assertEquals(207, reply.status());
        assertEquals(422, reply.statuses().get(2_000));
        assertTrue(reply.lines().get(2_999).getBoolean("replayed"));
        assertEquals(2_999, Collections.frequency(reply.statuses(), 201));
    }

    @Test
    void anIdempotencyKeyOrAnotherMediaTypeOrEncodingIsRefusedWhole() throws Exception {
        String key = Node.key();
        String order = document(key);
        assertEquals(
                400,
                client.bulk(order.getBytes(UTF_8), NDJSON, "Idempotency-Key: a").status());
        assertEquals(415, client.bulk(order.getBytes(UTF_8), "text/plain").status());
        assertEquals(
                415,
                client.bulk(order.getBytes(UTF_8), NDJSON, "Content-Encoding: gzip")
                        .status());
        Reply get = client.get("/orders/batch");
        assertEquals(405, get.status());
        assertEquals("POST", get.header("Allow"));
        assertEquals("0", node.rows(key));
    }

    @Test
    void anEmptyOrIllFormedBodyIsRefusedWholeAndNothingOfItIsStored() throws Exception {
        String key = Node.key();
        for (String body :
                List.of("", " ", "[]", "[" + document(key), "[" + document(key) + "]x", "[" + document(key) + ",]")) {
            Reply reply = client.array(body);
            assertEquals(400, reply.status(), body);
            assertEquals("application/problem+json", reply.header("content-type"));
            assertEquals("invalid_batch", reply.json().getString("code"));
        }
        assertEquals(400, client.bulk("", " \r", "\t").status());
        assertEquals("0", node.rows(key));
    }
}
