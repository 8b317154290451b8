package dev.sluice.http;

import static dev.sluice.rig.OrderClient.NDJSON;
import static dev.sluice.store.TestOrders.document;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.budget.Part;
import dev.sluice.bulk.BulkBody;
import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.intake.BulkRun;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.OrderOutcome;
import dev.sluice.order.Outcome;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a bulk request does when writers are slow, silent or absent, and when its client leaves. */
@Tag("contract")
@Timeout(30)
class BulkRunTest {

    /** The smallest window that never narrows. */
    private static final int WINDOW = 64;

    /** One writer with one batch in flight and one behind it. */
    private static final String[] ONE_WINDOW = {
        "http.instances=1", "writer.instances=1", "writer.inFlightMax=1", "writer.batchMax=" + WINDOW / 2
    };

    private ScriptedNode node;

    private void node(long bulkBytesMax) throws Exception {
        node = new ScriptedNode(bulkBytesMax, ONE_WINDOW);
    }

    private void node(Function<OrderBatch, Future<OutcomeBatch>> writer) throws Exception {
        node(1L << 30);
        node.writer(writer);
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    private static Future<OutcomeBatch> all(OrderBatch batch, Outcome outcome) {
        return Future.succeededFuture(
                new OutcomeBatch(Collections.nCopies(batch.orders().size(), outcome), 7));
    }

    private static String[] orders(int count) {
        return IntStream.range(0, count).mapToObj(i -> document(null)).toArray(String[]::new);
    }

    private static List<String> codes(Reply reply) {
        return reply.lines().stream().map(line -> line.getString("code")).collect(Collectors.toList());
    }

    @Test
    void withoutAWriterEveryLineIsNotStored() throws Exception {
        node(1L << 30);
        Reply reply = node.client.bulk(orders(3 * WINDOW));
        assertEquals(503, reply.status());
        assertEquals(Collections.nCopies(3 * WINDOW, "not_stored"), codes(reply));
        assertEquals(
                3L * WINDOW, node.metrics.orders().of(OrderOutcome.UNAVAILABLE).total());
    }

    @Test
    void someAcknowledgedAndSomeUnavailableIs207AndSaysWhenToRetry() throws Exception {
        AtomicInteger batches = new AtomicInteger();
        node(batch ->
                all(batch, batches.getAndIncrement() == 0 ? new Outcome.Committed(1) : new Outcome.NotStored("x")));
        Reply reply = node.client.bulk(orders(2 * WINDOW));
        assertEquals(207, reply.status());
        assertEquals(201, reply.statuses().get(0));
        assertEquals(503, reply.statuses().get(2 * WINDOW - 1));
        assertEquals("7", reply.header("Retry-After"));
    }

    @Test
    void whatIsOutstandingReachesTheWindowAndNeverPassesIt() throws Exception {
        AtomicInteger outstanding = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        node(batch -> {
            Promise<OutcomeBatch> later = Promise.promise();
            int orders = batch.orders().size();
            most.accumulateAndGet(outstanding.addAndGet(orders), Math::max);
            held.add(() -> {
                outstanding.addAndGet(-orders);
                all(batch, new Outcome.Committed(1)).onComplete(later);
            });
            if (outstanding.get() == WINDOW || node.bulkOrders.get() == 10 * WINDOW) {
                release();
            }
            return later.future();
        });
        Reply reply = node.client.bulk(orders(10 * WINDOW));
        assertEquals(201, reply.status());
        assertEquals(WINDOW, most.get());
    }

    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    private void release() {
        for (Runnable next = held.poll(); next != null; next = held.poll()) {
            next.run();
        }
    }

    @Test
    void atTheDeadlineWhatWasSentIsUnknownAndTheRestIsNotStored() throws Exception {
        node(batch -> Promise.<OutcomeBatch>promise().future());
        Reply reply = node.client.bulk(orders(3 * WINDOW));
        assertEquals(503, reply.status());
        assertEquals(
                Collections.nCopies(WINDOW, "outcome_unknown"), codes(reply).subList(0, WINDOW));
        assertEquals(Collections.nCopies(2 * WINDOW, "not_stored"), codes(reply).subList(WINDOW, 3 * WINDOW));
        assertNotNull(reply.lines().get(0).getString("id"));
        assertNull(reply.lines().get(WINDOW).getString("id"));
        assertEquals(
                3L * WINDOW, node.metrics.orders().of(OrderOutcome.UNAVAILABLE).total());
    }

    @Test
    void atTheDeadlineARepeatSharesWhatIsUnknownAndARivalIsNotStored() throws Exception {
        node(batch -> Promise.<OutcomeBatch>promise().future());
        Reply reply = node.client.bulk(document("k"), document("k"), document("k", 2));
        assertEquals(List.of("outcome_unknown", "outcome_unknown", "not_stored"), codes(reply));
        JsonObject repeat = reply.lines().get(1);
        assertEquals(reply.lines().get(0).getString("id"), repeat.getString("id"));
    }

    @Test
    void aClientThatLeavesHasNothingMoreSentForIt() throws Exception {
        node(batch -> {
            Promise<OutcomeBatch> later = Promise.promise();
            held.add(() -> all(batch, new Outcome.Committed(1)).onComplete(later));
            return later.future();
        });
        try (HttpSocket socket = new HttpSocket(node.port)) {
            String body = String.join("\n", orders(3 * WINDOW));
            socket.send("POST /orders/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + NDJSON
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            Await.until("the window is full", () -> node.bulkOrders.get() == WINDOW);
        }
        Await.until("nothing is held", () -> node.memory.held() == 0);
        release();
        Await.until(
                "all that was sent is counted",
                () -> node.metrics.orders().of(OrderOutcome.COMMITTED).total() == WINDOW);
        assertEquals(WINDOW, node.bulkOrders.get());
    }

    @Test
    void memoryIsTakenUpToItsBoundAndBeyondItTheRequestIsRefusedWhole() throws Exception {
        String body = String.join("\n", orders(2));
        node(Part.BULK.budgetFor(BulkBody.PIECE_BYTES + BulkRun.memoryBytes(body.length(), 2)));
        node.writer(batch -> all(batch, new Outcome.Committed(1)));
        assertEquals(201, node.client.bulk(orders(1)).status());
        assertEquals(201, node.client.bulk(orders(2)).status());
        Reply refused = node.client.bulk(orders(3));
        assertEquals(503, refused.status());
        assertEquals("not_stored", refused.json().getString("code"));
        assertEquals(503, node.client.bulk(orders(400)).status());
        assertEquals(2, node.metrics.refused().of(Bound.MEMORY_BULK).total());
        assertEquals(3, node.bulkOrders.get());
        Await.until("nothing is held", () -> node.memory.held() == 0);
    }
}
