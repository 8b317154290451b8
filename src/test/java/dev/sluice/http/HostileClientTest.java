package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Well-formed requests of a slow, greedy or rude client: they are bounded, and other clients do not notice. */
@Tag("contract")
class HostileClientTest {

    private static final int DEADLINE_MS = 3_000;
    private static final int IDLE_MS = 3_500;
    private static final int HEAD_MS = 1_000;
    private static final int CONNECTIONS_MAX = 20;

    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start(
                TestPostgres.freshDatabase(),
                "http.instances=1",
                "http.connectionsMax=" + CONNECTIONS_MAX,
                "http.deadlineMs=" + DEADLINE_MS,
                "http.idleTimeoutMs=" + IDLE_MS,
                "http.headMs=" + HEAD_MS,
                "bus.deadlineMs=2500",
                "writer.deadlineMs=2000");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static HttpSocket client() {
        return new HttpSocket(node.port());
    }

    private static void assertServed(HttpSocket client) {
        assertTimeout(Duration.ofSeconds(2), () -> {
            assertEquals(
                    201,
                    client.send(HttpSocket.post("", HttpSocket.ORDER)).read().status());
        });
    }

    @Test
    void aBodyThatDripsIsTimedOutWithinTheDeadlineAndDelaysNoOther() {
        try (HttpSocket slow = client();
                HttpSocket other = client()) {
            long began = System.nanoTime();
            String post = HttpSocket.post("", HttpSocket.ORDER);
            slow.send(post.substring(0, post.length() - 30));
            for (int i = 30; i > 10; i--) {
                slow.send(post.substring(post.length() - i, post.length() - i + 1));
                assertServed(other);
                Await.pause("a body that drips", 20);
            }
            Reply reply = slow.read();
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertEquals(408, reply.status());
            assertTrue(reply.isLast());
            assertTrue(tookMs <= DEADLINE_MS, tookMs + " ms");
            assertTrue(slow.isEnded());
        }
    }

    @Test
    void aHeadThatDripsIsTimedOutAfterItsOwnLimitAndDelaysNoOther() {
        try (HttpSocket slow = client();
                HttpSocket other = client()) {
            slow.send("GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA: ");
            long sent = 0;
            while (!slow.isAnswered()) {
                slow.send("x");
                sent++;
                assertServed(other);
                Await.pause("a head that drips", 20);
            }
            assertTrue(sent > 10, sent + " bytes");
            assertTimedOut(slow);
        }
    }

    private static void assertTimedOut(HttpSocket slow) {
        Reply reply = slow.read();
        assertEquals(408, reply.status(), reply.body());
        assertEquals("request_timeout", reply.code());
        assertTrue(reply.isLast());
        assertTrue(slow.isEnded());
    }

    @Test
    void aHeadThatNeverEndsIsTimedOutOnBothListeners() {
        List<HttpSocket> clients = new ArrayList<>();
        try {
            for (String begun :
                    List.of("P", "POST /orders", "GET / HTTP/1.1\r\n", "\r\n", "GET / HTTP/1.1\r\nA: b\r\nB")) {
                clients.add(client().send(begun));
                clients.add(new HttpSocket(node.adminPort()).send(begun));
            }
            clients.forEach(HostileClientTest::assertTimedOut);
        } finally {
            clients.forEach(HttpSocket::close);
        }
    }

    @Test
    void aHeadThatNeverEndsIsTimedOutBehindAnAnswerToo() {
        try (HttpSocket slow = client()) {
            assertServed(slow);
            assertTimedOut(slow.send("POST /orders HTTP/1.1\r\nHost: "));
        }
    }

    @Test
    void aSilentConnectionIsEndedAfterTheIdleTimeoutAndAServedOneCountsAnew() {
        try (HttpSocket silent = client();
                HttpSocket served = client()) {
            Await.pause("silence", IDLE_MS / 2);
            assertServed(served);
            assertTimeout(Duration.ofMillis(IDLE_MS), () -> assertTrue(silent.isEnded()));
            assertServed(served);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        int count = 5_000;
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < count; i++) {
            requests.append(
                    i % 3 == 0
                            ? HttpSocket.post("X-Request-Id: " + i + "\r\n", HttpSocket.ORDER)
                            : HttpSocket.get("/orders/x").replace("\r\n\r\n", "\r\nX-Request-Id: " + i + "\r\n\r\n"));
        }
        try (HttpSocket client = client();
                HttpSocket other = client()) {
            Thread sender = new Thread(() -> client.send(requests.toString()));
            sender.start();
            for (int i = 0; i < count; i++) {
                Reply reply = client.read();
                assertEquals(Integer.toString(i), reply.header("x-request-id"));
                assertEquals(i % 3 == 0 ? 201 : 404, reply.status());
                if (i % 500 == 0) {
                    assertServed(other);
                }
            }
        }
    }

    /** A client that pipelines and never reads fills the sockets between, and then the server stops reading. */
    @Test
    void pipeliningWithoutReadingIsBounded() throws Exception {
        try (HttpSocket greedy = client();
                HttpSocket other = client()) {
            byte[] piece =
                    HttpSocket.get("/openapi.yaml").repeat(200).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            long[] sent = new long[1];
            Thread sender = new Thread(() -> sent[0] = greedy.sendUntilRefused(piece, 200_000_000));
            sender.setDaemon(true);
            sender.start();
            Await.pause("a client that reads nothing", 500);
            assertServed(other);
            greedy.hangUp();
            sender.join(TimeUnit.SECONDS.toMillis(10));
            assertTrue(sent[0] < 50_000_000, sent[0] + " bytes taken");
            assertServed(other);
        }
    }

    @Test
    void aClientThatEndsItsSideStillGetsItsAnswer() {
        try (HttpSocket client = client()) {
            client.send(HttpSocket.post("", HttpSocket.ORDER)).endOutput();
            assertEquals(201, client.read().status());
            assertTrue(client.isEnded());
        }
    }

    @Test
    void aClientThatPipelinesAndEndsItsSideGetsAllItsAnswers() {
        try (HttpSocket client = client()) {
            client.send(HttpSocket.post("", HttpSocket.ORDER).repeat(300)).endOutput();
            for (int i = 0; i < 300; i++) {
                assertEquals(201, client.read().status());
            }
            assertTrue(client.isEnded());
        }
    }

    @Test
    void aClientThatEndsItsSideInTheMiddleOfABodyIsGoneAtOnce() {
        try (HttpSocket client = client()) {
            String post = HttpSocket.post("", HttpSocket.ORDER);
            client.send(post.substring(0, post.length() - 5)).endOutput();
            assertTimeout(Duration.ofSeconds(2), () -> assertTrue(client.isGone()));
        }
    }

    @Test
    void aConnectionBeyondTheBoundIsServedAndTheOneThatWasIdleLongestGoes() {
        List<HttpSocket> clients = new ArrayList<>();
        try {
            awaitOpenConnections(0);
            for (int i = 0; i < CONNECTIONS_MAX; i++) {
                clients.add(client());
            }
            clients.forEach(HostileClientTest::assertServed);
            for (int i = 0; i < 50; i++) {
                HttpSocket beyond = client();
                assertServed(beyond);
                HttpSocket idle = clients.remove(0);
                assertTrue(idle.isGone());
                idle.close();
                clients.add(beyond);
            }
            assertTrue(node.metric("sluice_refused_total{bound=\"http_connections\"}") >= 50);
            awaitOpenConnections(CONNECTIONS_MAX);
            clients.remove(0).close();
            awaitOpenConnections(CONNECTIONS_MAX - 1);
            HttpSocket next = client();
            clients.add(next);
            assertServed(next);
            clients.forEach(HostileClientTest::assertServed);
        } finally {
            clients.forEach(HttpSocket::close);
        }
        awaitOpenConnections(0);
    }

    private static void awaitOpenConnections(int count) {
        Await.until(count + " open connections", () -> node.metric("sluice_http_connections") == count);
    }
}
