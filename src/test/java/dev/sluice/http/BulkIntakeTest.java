package dev.sluice.http;

import static dev.sluice.http.BulkClient.NDJSON;
import static dev.sluice.http.BulkClient.order;
import static dev.sluice.http.BulkClient.unkeyed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.http.BulkClient.Reply;
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

    private static BulkNode node;
    private static BulkClient client;

    @BeforeAll
    static void start() throws Exception {
        node = new BulkNode();
        client = node.client;
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @Test
    void allCommittedIs201WithAResultForEachOrderInItsOrder() throws Exception {
        String key = BulkNode.key();
        Reply reply = client.ndjson(order(key), unkeyed(), unkeyed());
        assertEquals(201, reply.status());
        assertEquals(NDJSON, reply.mediaType());
        assertEquals(
                List.of(1, 2, 3),
                reply.lines().stream().map(l -> l.getInteger("line")).toList());
        assertEquals(List.of(201, 201, 201), reply.statuses());
        assertEquals("", reply.header("Retry-After"));
        assertEquals("1", node.rows(key));
        assertEquals(200, client.get("/orders/" + id(reply, 1)).status());
    }

    private static String id(Reply reply, int line) {
        return reply.lines().get(line).getString("id");
    }

    @Test
    void anArrayIsAnsweredAsLinesAre() throws Exception {
        Reply reply = client.array(" [" + unkeyed() + " ,\n" + unkeyed() + ", 7]\n");
        assertEquals(207, reply.status());
        assertEquals(List.of(201, 201, 400), reply.statuses());
        assertEquals(3, reply.lines().get(2).getInteger("line"));
    }

    @Test
    void aBadLineIs400WithEveryFaultAndItsNeighboursCommit() throws Exception {
        Reply reply = client.ndjson(unkeyed(), "{\"currency\":\"XXX\",\"items\":[]}", "{", unkeyed());
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
        Reply reply = client.ndjson("{}", "[]");
        assertEquals(400, reply.status());
        assertEquals(NDJSON, reply.mediaType());
        assertEquals(List.of(400, 400), reply.statuses());
    }

    @Test
    void blankLinesAreCountedAndAreNoOrders() throws Exception {
        Reply reply = client.post(
                "/orders/batch", "application/x-ndjson; charset=UTF-8", "\r\n" + unkeyed() + "\r\n \t\r\n" + unkeyed());
        assertEquals(201, reply.status());
        assertEquals(
                List.of(2, 4),
                reply.lines().stream().map(l -> l.getInteger("line")).toList());
    }

    @Test
    void theSameRequestAgainIsAReplayOfEveryOrder() throws Exception {
        String[] orders = {order(BulkNode.key()), order(BulkNode.key())};
        Reply first = client.ndjson(orders);
        Reply second = client.ndjson(orders);
        assertEquals(201, second.status());
        for (int i = 0; i < orders.length; i++) {
            assertNull(first.lines().get(i).getBoolean("replayed"));
            assertTrue(second.lines().get(i).getBoolean("replayed"));
            assertEquals(id(first, i), id(second, i));
        }
    }

    @Test
    void otherContentUnderAStoredKeyIs422() throws Exception {
        String key = BulkNode.key();
        client.single(order(key, 1));
        Reply reply = client.ndjson(order(key, 2), order(key, 1));
        assertEquals(207, reply.status());
        assertEquals(List.of(422, 201), reply.statuses());
        assertEquals("client_order_id_reused", reply.lines().get(0).getString("code"));
        assertTrue(reply.lines().get(1).getBoolean("replayed"));
        assertEquals(400, client.ndjson(order(key, 3)).status());
    }

    @Test
    void withinARequestTheFirstValidLineWinsAndItsRepeatsShareItsOutcome() throws Exception {
        String key = BulkNode.key();
        Reply reply = client.ndjson(order(key, 0), order(key, 1), order(key, 2), order(key, 1), order(key, 2));
        assertEquals(List.of(400, 201, 422, 201, 422), reply.statuses());
        assertNull(reply.lines().get(1).getBoolean("replayed"));
        assertTrue(reply.lines().get(3).getBoolean("replayed"));
        assertEquals(id(reply, 1), id(reply, 3));
        assertEquals("1", node.rows(key));
        assertTrue(client.get("/orders/" + id(reply, 1)).http().body().contains("\"quantity\":1"));
    }

    @Test
    void aRepeatFarBehindTheFirstLineStillFindsIt() throws Exception {
        String key = BulkNode.key();
        String[] orders = IntStream.range(0, 3_000).mapToObj(i -> unkeyed()).toArray(String[]::new);
        orders[0] = order(key, 1);
        orders[2_000] = order(key, 2);
        orders[2_999] = order(key, 1);
        Reply reply = client.ndjson(orders);
        assertEquals(207, reply.status());
        assertEquals(422, reply.statuses().get(2_000));
        assertTrue(reply.lines().get(2_999).getBoolean("replayed"));
        assertEquals(2_999, Collections.frequency(reply.statuses(), 201));
    }

    @Test
    void anIdempotencyKeyOrAnotherMediaTypeOrEncodingIsRefusedWhole() throws Exception {
        String key = BulkNode.key();
        String order = order(key);
        assertEquals(
                400,
                client.post("/orders/batch", NDJSON, order, "Idempotency-Key", "a")
                        .status());
        assertEquals(415, client.post("/orders/batch", "text/plain", order).status());
        assertEquals(
                415,
                client.post("/orders/batch", NDJSON, order, "Content-Encoding", "gzip")
                        .status());
        Reply get = client.get("/orders/batch");
        assertEquals(405, get.status());
        assertEquals("POST", get.header("Allow"));
        assertEquals("0", node.rows(key));
    }

    @Test
    void anEmptyOrIllFormedBodyIsRefusedWholeAndNothingOfItIsStored() throws Exception {
        String key = BulkNode.key();
        for (String body : List.of("", " ", "[]", "[" + order(key), "[" + order(key) + "]x", "[" + order(key) + ",]")) {
            Reply reply = client.array(body);
            assertEquals(400, reply.status(), body);
            assertEquals("application/problem+json", reply.mediaType());
            assertEquals("invalid_batch", reply.problem().getString("code"));
        }
        assertEquals(400, client.ndjson("", " \r", "\t").status());
        assertEquals("0", node.rows(key));
    }
}
