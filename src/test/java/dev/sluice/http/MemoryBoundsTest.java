package dev.sluice.http;

import static dev.sluice.rig.OrderClient.NDJSON;
import static dev.sluice.store.TestOrders.document;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.budget.Part;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.listener.BodyReader;
import dev.sluice.listener.Connections;
import dev.sluice.metrics.Bound;
import dev.sluice.order.Outcome;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients hold of a node's memory: up to its bound, refused beyond it before a store has it, and given back. */
@Tag("contract")
@Timeout(30)
class MemoryBoundsTest {

    private static final int BODY_BYTES = 60_000;
    private static final String LONG_DEADLINE = "http.deadlineMs=20500";

    private ScriptedNode node;

    private void node(long memoryBytesMax, String... sets) throws Exception {
        node = new ScriptedNode(memoryBytesMax, sets);
        node.writer(batch -> Future.succeededFuture(
                new OutcomeBatch(Collections.nCopies(batch.orders().size(), new Outcome.Committed(1)), 1)));
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    private static String longBody() {
        return HttpSocket.post("", HttpSocket.ORDER + " ".repeat(BODY_BYTES - HttpSocket.ORDER.length()));
    }

    private static String allButTheLastByte() {
        return longBody().substring(0, longBody().length() - 1);
    }

    /** Room for that many such bodies that are coming in, and no other. */
    private static long roomFor(int bodies) {
        return Part.INCOMING.budgetFor(bodies * BodyReader.memoryBytes(BODY_BYTES));
    }

    @Test
    void bodiesThatComeInAreBoundedTogetherAndAnOrderInOnePieceStillFindsRoom() throws Exception {
        node(roomFor(2), LONG_DEADLINE);
        try (HttpSocket one = new HttpSocket(node.port);
                HttpSocket two = new HttpSocket(node.port);
                HttpSocket three = new HttpSocket(node.port)) {
            one.send(allButTheLastByte());
            two.send(allButTheLastByte());
            Await.until("both bodies are held", () -> node.memory.held(Part.INCOMING) > roomFor(2) / 5);
            Reply refused = three.send(allButTheLastByte()).read();
            assertEquals(503, refused.status(), refused.body());
            assertEquals("not_stored", refused.code());
            assertFalse(refused.header("retry-after").isEmpty());
            assertEquals(201, node.client.post(document(null)).status());
            assertEquals(201, one.send(" ").read().status());
            assertEquals(1, node.metrics.refused().of(Bound.MEMORY).total());
            two.hangUp();
            Await.until("nothing is held", () -> node.memory.held() == 0);
        }
    }

    @Test
    void aBodyThatStoppedGivesWayToOneThatComes() throws Exception {
        node(roomFor(1), LONG_DEADLINE);
        try (HttpSocket stopped = new HttpSocket(node.port);
                HttpSocket comes = new HttpSocket(node.port)) {
            stopped.send(allButTheLastByte());
            Await.until("the body is held", () -> node.memory.held(Part.INCOMING) > roomFor(1) / 5);
            Await.until("it gives way", () -> {
                Reply reply = comes.send(longBody()).read();
                return reply.status() == 201;
            });
            Reply refused = stopped.read();
            assertEquals(503, refused.status());
            assertEquals("not_stored", refused.code());
            assertTrue(refused.isLast());
        }
    }

    @Test
    void headsThatDoNotEndAreBoundedTogetherAndTheOldestGoFirst() throws Exception {
        node(1 << 20, "http.headMs=60000", "http.idleTimeoutMs=120000");
        String head = "POST /orders HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(7_000);
        List<HttpSocket> clients = new ArrayList<>();
        try {
            for (int sent = 0; sent <= Connections.HEADS_BYTES_MAX; sent += head.length()) {
                clients.add(new HttpSocket(node.port).send(head));
            }
            assertEquals(408, clients.get(0).read().status());
            HttpSocket last = clients.get(clients.size() - 1);
            String rest = "\r\nContent-Type: application/json\r\nContent-Length: " + HttpSocket.ORDER.length();
            assertEquals(
                    201, last.send(rest + "\r\n\r\n" + HttpSocket.ORDER).read().status());
        } finally {
            clients.forEach(HttpSocket::close);
        }
    }

    @Test
    void whatAnOrderTakesIsHeldUntilItsAnswerAndNothingAfterIt() throws Exception {
        node = new ScriptedNode(1 << 20);
        List<Promise<OutcomeBatch>> waiting = Collections.synchronizedList(new ArrayList<>());
        node.writer(batch -> {
            Promise<OutcomeBatch> later = Promise.promise();
            waiting.add(later);
            return later.future();
        });
        try (HttpSocket client = new HttpSocket(node.port)) {
            client.send(HttpSocket.post("", HttpSocket.ORDER));
            Await.until("the order is at the writer", () -> waiting.size() == 1);
            assertEquals(BodyReader.memoryBytes(HttpSocket.ORDER.length()), node.memory.held(Part.LONE));
            waiting.get(0).complete(new OutcomeBatch(List.of(new Outcome.Committed(1)), 1));
            assertEquals(201, client.read().status());
            Await.until("nothing is held", () -> node.memory.held() == 0);
        }
    }

    @Test
    void aBulkAnswerIsWrittenAsItsClientTakesItAndHeldUntilThen() throws Exception {
        node(1L << 28, LONG_DEADLINE);
        String body = "{\"no\":\"order\",\"items\":[{},{},{}]}\n".repeat(10_000);
        try (HttpSocket client = new HttpSocket(node.port)) {
            client.send("POST /orders/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + NDJSON
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            Await.until("the answer begins", client::isAnswered);
            assertTrue(node.memory.held(Part.BULK) > body.length());
            Reply reply = client.read();
            assertEquals(400, reply.status());
            assertEquals(
                    IntStream.rangeClosed(1, 10_000).boxed().collect(Collectors.toList()),
                    reply.lines().stream().map(line -> line.getInteger("line")).collect(Collectors.toList()));
            assertEquals(12, reply.lines().get(0).getJsonArray("errors").size());
            Await.until("nothing is held", () -> node.memory.held() == 0);
        }
    }
}
