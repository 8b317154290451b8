package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node stops in the middle of a load: no client that retries nothing sees a reset or half an answer. */
@Tag("contract")
@Timeout(120)
class ShutdownUnderLoadTest {

    private static final int PIPELINED = 20;

    private Node node;
    private OrderLoad load;

    @BeforeEach
    void start() {
        node = Node.start(TestPostgres.freshDatabase(), "http.instances=3", "writer.instances=2");
        load = new OrderLoad(node.port(), () -> true);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** Connections that are busy, that come and go, and that pause between two requests. */
    @RepeatedTest(6)
    void hundredsOfConnectionsEndWithAnAnswer() throws Exception {
        load.add("busy", 200, Integer.MAX_VALUE, 0);
        load.add("short", 50, 2, 0);
        load.add("slow", 100, Integer.MAX_VALUE, 100);
        load.awaitMore(2 * load.clients());
        long began = System.nanoTime();
        node.stop();
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        load.join();
        assertEquals(List.of(), List.copyOf(load.failures));
        assertEquals(load.clients(), load.refusedConnections.size(), "each ended at a socket that is gone");
        assertThrows(UncheckedIOException.class, node::client);
        assertTrue(tookMs < 10_000, tookMs + " ms");
        assertEquals(keysAnswered(201), keysStored());
        assertEquals(load.answers.size(), load.count(201) + load.count(503), "201 or 503");
    }

    private Set<String> keysAnswered(int status) {
        return load.answers.entrySet().stream()
                .filter(answer -> answer.getValue() == status)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> keysStored() {
        String keys = TestPostgres.queryText(node.database(), "SELECT string_agg(client_order_id, ',') FROM orders");
        return new TreeSet<>(List.of(keys.split(",", -1)));
    }

    /** What arrived together is answered, all of it, and only the last answer ends the connection. */
    @Test
    void pipelinedRequestsAreAllAnswered() throws Exception {
        var pool = Executors.newFixedThreadPool(50);
        CountDownLatch underWay = new CountDownLatch(50);
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String tag = "pipe" + i;
            answers.add(pool.submit(() -> pipeline(tag, underWay)));
        }
        assertTrue(underWay.await(30, TimeUnit.SECONDS), "every connection had a round of answers");
        node.stop();
        for (Future<Integer> answered : answers) {
            assertTrue(answered.get() > 0);
        }
        pool.shutdown();
    }

    /** Rounds of pipelined requests on one connection until an answer says that it is the last. */
    private int pipeline(String tag, CountDownLatch underWay) {
        int answers = 0;
        try (HttpSocket socket = new HttpSocket(node.port())) {
            for (boolean open = true; open; ) {
                socket.send(requests(tag + "-" + answers));
                for (int i = 0; i < PIPELINED; i++) {
                    open = !socket.read().isLast();
                    assertTrue(open || i == PIPELINED - 1, "the answer " + i + " of " + PIPELINED + " is the last");
                    answers++;
                }
                if (answers == PIPELINED) {
                    underWay.countDown();
                }
            }
        }
        return answers;
    }

    private static String requests(String tag) {
        return IntStream.range(0, PIPELINED)
                .mapToObj(i -> HttpSocket.post("", TestOrders.document(tag + "-" + i)))
                .collect(Collectors.joining());
    }

    /** A head that comes in pieces, each sooner than silence would end the connection. */
    @Test
    void aRequestThatArrivesSlowlyIsAnswered() {
        try (HttpSocket socket = new HttpSocket(node.port())) {
            String request = HttpSocket.post("", HttpSocket.ORDER);
            socket.send(request.substring(0, 1));
            var stopped = node.server().stop();
            for (int i = 1; i < request.length(); i += 20) {
                Await.pause("a request that comes in pieces", 200);
                socket.send(request.substring(i, Math.min(i + 20, request.length())));
            }
            Reply answer = socket.read();
            assertEquals(503, answer.status());
            assertTrue(answer.isLast());
            Await.result(stopped);
        }
    }
}
