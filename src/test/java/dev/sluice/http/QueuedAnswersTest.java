package dev.sluice.http;

import static dev.sluice.store.TestOrders.document;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.metrics.OrderOutcome;
import dev.sluice.order.FoundOrder;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Reply;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client hears of orders that are queued or dead, held against the contract. */
@Tag("contract")
@Timeout(30)
class QueuedAnswersTest {

    private static final Contract CONTRACT = new Contract();
    private static final Outcome NOT_STORED = new Outcome.NotStored("x");

    private ScriptedNode node;

    @BeforeEach
    void start() throws Exception {
        node = new ScriptedNode();
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    private void writer(Function<Order, Outcome> script) throws Exception {
        node.writer(batch -> outcomes(batch, script));
    }

    private static Future<OutcomeBatch> outcomes(OrderBatch batch, Function<Order, Outcome> script) {
        return Future.succeededFuture(
                new OutcomeBatch(batch.orders().stream().map(script).toList(), 7));
    }

    private Reply asked(String path, String method, int status, String request) {
        try (HttpSocket client = new HttpSocket(node.port)) {
            Reply reply = client.send(request).read();
            assertEquals(status, reply.status(), reply.body());
            assertEquals(List.of(), CONTRACT.faults(path, method, reply), reply.body());
            return reply;
        }
    }

    private long counted(OrderOutcome outcome) {
        return node.metrics.orders().of(outcome).total();
    }

    @Test
    void aQueuedOrderIs202AndSaysWhereToAskForIt() throws Exception {
        writer(order -> new Outcome.Queued(order, false));
        Reply reply = asked("/orders", "post", 202, HttpSocket.post("", document("k")));
        JsonObject document = new JsonObject(reply.body());
        assertEquals("queued", document.getString("status"));
        assertNull(document.getValue("committedAt"));
        assertEquals("/orders/" + document.getString("id"), reply.header("location"));
        assertNull(reply.header("idempotent-replayed"));
        assertNull(reply.header("retry-after"));
        assertEquals(1, counted(OrderOutcome.QUEUED));
    }

    @Test
    void aReplayOfAnEntryShowsTheEntry() throws Exception {
        Order entry = TestOrders.order("k", 1, "12.5");
        writer(order -> new Outcome.Queued(entry, true));
        Reply reply = asked("/orders", "post", 202, HttpSocket.post("", document("k")));
        assertEquals("true", reply.header("idempotent-replayed"));
        JsonObject item = new JsonObject(reply.body()).getJsonArray("items").getJsonObject(0);
        assertEquals("12.5", item.getString("unitPrice"), "as it is queued, not as it was sent");
        assertEquals(1, counted(OrderOutcome.REPLAYED));
        assertEquals(0, counted(OrderOutcome.QUEUED));
    }

    @Test
    void bulkIs202WhereAllAreAcknowledgedAndSomeAreQueued() throws Exception {
        writer(order -> switch (String.valueOf(order.clientOrderId())) {
            case "queued" -> new Outcome.Queued(order, false);
            case "replayed" -> new Outcome.Queued(order, true);
            default -> new Outcome.Committed(1);
        });
        Reply reply = node.client.bulk(
                document("queued"), document(null), document("replayed"), document("queued"), document("replayed"));
        assertEquals(202, reply.status());
        assertEquals(List.of(202, 201, 202, 202, 202), reply.statuses());
        List<JsonObject> lines = reply.lines();
        assertNull(lines.get(0).getBoolean("replayed"));
        assertEquals(true, lines.get(2).getBoolean("replayed"));
        assertEquals(true, lines.get(3).getBoolean("replayed"), "the entry of line 1");
        assertEquals(lines.get(0).getString("id"), lines.get(3).getString("id"));
        lines.forEach(line -> assertEquals(List.of(), CONTRACT.faults("ResultLine", line)));
        assertEquals(1, counted(OrderOutcome.QUEUED));
        assertEquals(3, counted(OrderOutcome.REPLAYED));
    }

    @Test
    void bulkOfQueuedOrdersAloneIs202() throws Exception {
        writer(order -> new Outcome.Queued(order, false));
        assertEquals(202, node.client.bulk(document(null), document(null)).status());
    }

    @Test
    void bulkOfQueuedAndUnavailableOrdersIs207() throws Exception {
        writer(order -> order.clientOrderId() == null ? NOT_STORED : new Outcome.Queued(order, false));
        Reply reply = node.client.bulk(document(null), document("k"));
        assertEquals(207, reply.status());
        assertEquals(List.of(503, 202), reply.statuses());
        assertEquals("7", reply.header("Retry-After"));
    }

    @Test
    void aQueuedLineWinsOverARivalLine() throws Exception {
        writer(order -> new Outcome.Queued(order, false));
        Reply reply = node.client.bulk(document("k", 1), document("k", 2));
        assertEquals(207, reply.status());
        assertEquals(List.of(202, 422), reply.statuses());
    }

    private void found(FoundOrder found) throws Exception {
        node.lookup(lookup -> Future.succeededFuture(Optional.of(found)));
    }

    private JsonObject get(Order order) {
        asked("/orders", "get", 200, HttpSocket.get("/orders?clientOrderId=k"));
        return new JsonObject(asked("/orders/{id}", "get", 200, HttpSocket.get("/orders/" + order.id()))
                .body());
    }

    @Test
    void aLookUpShowsAQueuedOrder() throws Exception {
        Order order = TestOrders.order("k");
        found(new FoundOrder.Queued(order));
        JsonObject document = get(order);
        assertEquals("queued", document.getString("status"));
        assertEquals("k", document.getString("clientOrderId"));
    }

    @Test
    void aLookUpShowsADeadOrderAndWhy() throws Exception {
        Order order = TestOrders.order("k");
        found(new FoundOrder.Dead(order, "currency: “GBP” is not taken", false));
        JsonObject document = get(order);
        assertEquals("dead", document.getString("status"));
        assertEquals("currency: “GBP” is not taken", document.getString("reason"));
        assertNull(document.getValue("discarded"));
    }

    @Test
    void aTombstoneSaysThatItIsOne() throws Exception {
        Order order = TestOrders.order("k");
        found(new FoundOrder.Dead(order, "x", true));
        assertEquals(true, get(order).getBoolean("discarded"));
    }

    /** What is late is said of the stores, not of the request, which came whole. */
    @Test
    void aLookUpThatTakesTooLongIs503() throws Exception {
        node.lookup(lookup -> Promise.<Optional<FoundOrder>>promise().future());
        for (String target : List.of(
                "/orders?clientOrderId=k", "/orders/" + TestOrders.order("k").id())) {
            String path = target.contains("?") ? "/orders" : "/orders/{id}";
            assertEquals(
                    "stores_unreachable",
                    asked(path, "get", 503, HttpSocket.get(target)).code());
        }
    }

    @Test
    void aLookUpThatNoStoreAnswersIs503() throws Exception {
        node.lookup(lookup -> Future.failedFuture(StoreFailure.notStored("away")));
        asked("/orders", "get", 503, HttpSocket.get("/orders?clientOrderId=k"));
    }
}
