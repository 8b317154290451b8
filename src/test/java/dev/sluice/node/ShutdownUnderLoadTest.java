package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.TestPostgres;
import dev.sluice.metrics.Metrics;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
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

    private final Metrics metrics = Metrics.on("test");
    private final OrderClient.Log log = new OrderClient.Log();
    private final List<Thread> clients = new ArrayList<>();
    private String database;
    private Server server;

    @BeforeEach
    void start() throws Exception {
        database = TestPostgres.freshDatabase();
        SluiceConfig config = SluiceConfig.of(
                "http.port=0", "admin.port=0", "http.instances=3", "writer.instances=2", "postgres.uri=" + database);
        server = Server.start(config, metrics, "test").await(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        server.stop().await(30, TimeUnit.SECONDS);
        metrics.close();
    }

    /** Connections that are busy, that come and go, and that pause between two requests. */
    @RepeatedTest(6)
    void hundredsOfConnectionsEndWithAnAnswer() throws Exception {
        load("busy", 200, Integer.MAX_VALUE, 0);
        load("short", 50, 2, 0);
        load("slow", 100, Integer.MAX_VALUE, 100);
        log.awaitMore(2 * clients.size());
        int port = server.httpPort();
        long began = System.nanoTime();
        server.stop().await(30, TimeUnit.SECONDS);
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        for (Thread client : clients) {
            client.join();
        }
        assertEquals(List.of(), List.copyOf(log.failures));
        assertEquals(clients.size(), log.refusedConnections.size(), "each ended at a socket that is gone");
        assertThrows(ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
        assertTrue(tookMs < 10_000, tookMs + " ms");
        assertEquals(keysAnswered(201), keysStored());
        assertEquals(log.answers.size(), log.count(201) + log.count(503), "201 or 503");
    }

    private void load(String tag, int connections, int requestsPerConnection, long pauseMs) {
        for (int i = 0; i < connections; i++) {
            OrderClient client =
                    new OrderClient(server.httpPort(), tag + i, requestsPerConnection, pauseMs, () -> true, log);
            Thread thread = new Thread(client, tag + i);
            clients.add(thread);
            thread.start();
        }
    }

    private Set<String> keysAnswered(int status) {
        return log.answers.entrySet().stream()
                .filter(answer -> answer.getValue() == status)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> keysStored() {
        String keys = TestPostgres.queryText(database, "SELECT string_agg(client_order_id, ',') FROM orders");
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
        server.stop().await(30, TimeUnit.SECONDS);
        for (Future<Integer> answered : answers) {
            assertTrue(answered.get() > 0);
        }
        pool.shutdown();
    }

    /** Rounds of pipelined requests on one connection until an answer says that it is the last. */
    private int pipeline(String tag, CountDownLatch underWay) throws IOException {
        int answers = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (boolean open = true; open; ) {
                socket.getOutputStream().write(requests(tag + "-" + answers));
                for (int i = 0; i < PIPELINED; i++) {
                    OrderClient.Answer answer = OrderClient.Answer.read(in);
                    open = !answer.last();
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

    private static byte[] requests(String tag) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < PIPELINED; i++) {
            all.write(OrderClient.request(tag + "-" + i));
        }
        return all.toByteArray();
    }

    /** A head that comes in pieces, each sooner than silence would end the connection. */
    @Test
    void aRequestThatArrivesSlowlyIsAnswered() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
            byte[] request = OrderClient.request("slow");
            socket.getOutputStream().write(request, 0, 1);
            var stopped = server.stop();
            for (int i = 1; i < request.length; i += 20) {
                Thread.sleep(200);
                socket.getOutputStream().write(request, i, Math.min(20, request.length - i));
            }
            OrderClient.Answer answer = OrderClient.Answer.read(socket.getInputStream());
            assertEquals(503, answer.status());
            assertTrue(answer.last());
            stopped.await(30, TimeUnit.SECONDS);
        }
    }
}
