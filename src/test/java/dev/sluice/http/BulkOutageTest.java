package dev.sluice.http;

import static dev.sluice.store.TestOrders.document;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
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

    private static void sql(String statement) {
        TestPostgres.execute(node.database(), statement);
    }

    @Test
    void whereNoOrderIsStoredForNowTheWholeIs503AndTheSameRequestSucceedsLater() throws Exception {
        String[] orders = {document(Node.key()), "{}", document(null)};
        sql("alter table orders rename to away");
        Reply refused = client.bulk(orders);
        sql("alter table away rename to orders");
        assertEquals(503, refused.status());
        assertEquals(List.of(503, 400, 503), refused.statuses());
        assertEquals("not_stored", refused.lines().get(0).getString("code"));
        assertTrue(Integer.parseInt(refused.header("Retry-After")) >= 1);
        assertEquals(List.of(201, 400, 201), client.bulk(orders).statuses());
    }

    @Test
    void anOrderThatPostgresWillNeverTakeCostsOnlyItself() throws Exception {
        sql("alter table orders add constraint no_seven check (items->0->>'quantity' <> '7')");
        Reply some = client.bulk(document(Node.key(), 1), document(Node.key(), 7), document(Node.key(), 2));
        Reply none = client.bulk(document(Node.key(), 7), "{}");
        sql("alter table orders drop constraint no_seven");
        assertEquals(207, some.status());
        assertEquals(List.of(201, 422, 201), some.statuses());
        assertEquals("order_refused", some.lines().get(1).getString("code"));
        assertFalse(some.body().contains("no_seven"), some.body());
        assertEquals(400, none.status());
        assertNull(none.header("Retry-After"));
    }

    @Test
    void aRivalOfAnOrderThatWasTurnedDownGetsItsTurn() throws Exception {
        String key = Node.key();
        sql("alter table orders add constraint no_eight check (items->0->>'quantity' <> '8')");
        Reply reply = client.bulk(document(key, 8), document(key, 1), document(key, 8), document(key, 2));
        sql("alter table orders drop constraint no_eight");
        assertEquals(List.of(422, 201, 422, 422), reply.statuses());
        List<String> codes = reply.lines().stream()
                .map((JsonObject line) -> String.valueOf(line.getString("code")))
                .toList();
        assertEquals(List.of("order_refused", "null", "order_refused", "client_order_id_reused"), codes);
        assertFalse(reply.lines().get(1).containsKey("replayed"));
    }
}
