package dev.sluice.http;

import static dev.sluice.http.BulkClient.order;
import static dev.sluice.http.BulkClient.unkeyed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.embedded.TestPostgres;
import dev.sluice.http.BulkClient.Reply;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** POST /orders/batch while a real PostgreSQL does not take every order, or none. */
@Tag("contract")
@Timeout(60)
class BulkOutageTest {

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

    private static void sql(String statement) {
        TestPostgres.execute(node.database, statement);
    }

    @Test
    void whereNoOrderIsStoredForNowTheWholeIs503AndTheSameRequestSucceedsLater() throws Exception {
        String[] orders = {order(BulkNode.key()), "{}", unkeyed()};
        sql("alter table orders rename to away");
        Reply refused = client.ndjson(orders);
        sql("alter table away rename to orders");
        assertEquals(503, refused.status());
        assertEquals(List.of(503, 400, 503), refused.statuses());
        assertEquals("not_stored", refused.lines().get(0).getString("code"));
        assertTrue(Integer.parseInt(refused.header("Retry-After")) >= 1);
        assertEquals(List.of(201, 400, 201), client.ndjson(orders).statuses());
    }

    @Test
    void anOrderThatPostgresWillNeverTakeCostsOnlyItself() throws Exception {
        sql("alter table orders add constraint no_seven check (items->0->>'quantity' <> '7')");
        Reply some = client.ndjson(order(BulkNode.key(), 1), order(BulkNode.key(), 7), order(BulkNode.key(), 2));
        Reply none = client.ndjson(order(BulkNode.key(), 7), "{}");
        sql("alter table orders drop constraint no_seven");
        assertEquals(207, some.status());
        assertEquals(List.of(201, 422, 201), some.statuses());
        assertEquals("order_refused", some.lines().get(1).getString("code"));
        assertEquals(400, none.status());
        assertEquals("", none.header("Retry-After"));
    }

    @Test
    void aRivalOfAnOrderThatWasTurnedDownGetsItsTurn() throws Exception {
        String key = BulkNode.key();
        sql("alter table orders add constraint no_eight check (items->0->>'quantity' <> '8')");
        Reply reply = client.ndjson(order(key, 8), order(key, 1), order(key, 8), order(key, 2));
        sql("alter table orders drop constraint no_eight");
        assertEquals(List.of(422, 201, 422, 422), reply.statuses());
        List<String> codes = reply.lines().stream()
                .map((JsonObject line) -> String.valueOf(line.getString("code")))
                .toList();
        assertEquals(List.of("order_refused", "null", "order_refused", "client_order_id_reused"), codes);
        assertFalse(reply.lines().get(1).containsKey("replayed"));
    }
}
