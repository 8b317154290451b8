package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bus.OutcomeBatch;
import dev.sluice.metrics.Bound;
import dev.sluice.order.Outcome;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do not read, read slowly, or only sit there: who is cut, who is not, and what others notice. */
@Tag("contract")
@Timeout(60)
class SlowReadersTest {

    private static final String PAGE =
            "GET /docs/swagger-ui-bundle-5.34.1.js HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";
    private static final int READ_BYTES = 8 * 1024;

    private final List<Socket> open = new ArrayList<>();
    private ScriptedNode node;

    private void node(String... sets) throws Exception {
        node = new ScriptedNode(sets);
        node.writer(batch -> Future.succeededFuture(
                new OutcomeBatch(Collections.nCopies(batch.orders().size(), new Outcome.Committed(1)), 1)));
    }

    @AfterEach
    void close() throws Exception {
        for (Socket socket : open) {
            socket.close();
        }
        node.close();
    }

    /** One whose window is small, so that the kernel takes little for it. */
    private Socket slowClient(String sends) throws IOException {
        Socket socket = new Socket();
        open.add(socket);
        socket.setReceiveBufferSize(READ_BYTES);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port));
        socket.getOutputStream().write(sends.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private long cut(Bound bound) {
        return node.metrics.refused().of(bound).total();
    }

    @Test
    void aClientThatTakesNothingForTheHttpDeadlineLosesItsConnection() throws Exception {
        node();
        slowClient(PAGE.repeat(20));
        Await.until("it is cut", () -> cut(Bound.ANSWER_UNREAD) == 1);
        Await.until(
                "its connection is gone",
                () -> node.metrics.httpConnections().of("0").now() == 1);
    }

    @Test
    void aClientThatTakesLittleButNeverStopsKeepsIt() throws Exception {
        node();
        Socket client = slowClient(PAGE.repeat(2));
        InputStream in = client.getInputStream();
        byte[] some = new byte[READ_BYTES];
        long until = System.nanoTime() + 3_000_000_000L;
        while (System.nanoTime() < until) {
            assertTrue(in.read(some) > 0);
            Await.pause("a slow line", 50);
        }
        assertEquals(0, cut(Bound.ANSWER_UNREAD));
    }

    @Test
    void answersThatAreNotReadAreBoundedTogetherAndOthersAreServed() throws Exception {
        node("node.directBytesMax=1048576", "http.deadlineMs=20500");
        for (int i = 0; i < 60; i++) {
            slowClient(PAGE.repeat(150));
        }
        Await.until("the slowest are cut", () -> cut(Bound.UNREAD_BYTES) > 0);
        assertEquals(201, node.client.post(HttpSocket.ORDER).status());
    }

    @Test
    void pipelinedAnswersThatAreNotReadStopTheReadingOfTheirConnection() throws Exception {
        node("http.deadlineMs=20500");
        Socket client = slowClient("");
        client.setSoTimeout(100);
        Thread sender = new Thread(() -> {
            byte[] order = HttpSocket.post("", HttpSocket.ORDER).repeat(1_000).getBytes(StandardCharsets.US_ASCII);
            try {
                for (int i = 0; i < 1_000; i++) {
                    client.getOutputStream().write(order);
                }
            } catch (IOException over) {
                assertTrue(client.isClosed());
            }
        });
        sender.start();
        long[] before = {-1};
        Await.until("no more is taken of it", () -> {
            long now = node.metrics
                    .orders()
                    .of(dev.sluice.metrics.OrderOutcome.COMMITTED)
                    .total();
            boolean stands = now > 0 && now == before[0];
            before[0] = now;
            Await.pause("a turn", 300);
            return stands;
        });
        assertTrue(before[0] < 100_000, "taken: " + before[0]);
        assertEquals(201, node.client.post(HttpSocket.ORDER).status());
        client.close();
        sender.join();
    }

    @Test
    void theLongestIdleConnectionGivesWayToANewOneAndOneThatWaitsForItsAnswerDoesNot() throws Exception {
        node("http.connectionsMax=4", "http.deadlineMs=20500");
        assertEquals(201, node.client.post(HttpSocket.ORDER).status());
        try (HttpSocket waits = new HttpSocket(node.port);
                HttpSocket idle = new HttpSocket(node.port);
                HttpSocket used = new HttpSocket(node.port)) {
            String post = HttpSocket.post("", HttpSocket.ORDER);
            waits.send(post.substring(0, post.length() - 1));
            Await.until("the body comes in", () -> node.memory.held() > 0);
            assertEquals(201, used.send(post).read().status());
            try (HttpSocket newcomer = new HttpSocket(node.port);
                    HttpSocket another = new HttpSocket(node.port)) {
                assertEquals(201, newcomer.send(post).read().status());
                assertEquals(201, another.send(post).read().status());
                assertTrue(idle.isEnded());
                assertEquals(201, used.send(post).read().status());
                assertEquals(
                        201,
                        waits.send(post.substring(post.length() - 1)).read().status());
                assertEquals(2, cut(Bound.HTTP_CONNECTIONS));
            }
        }
    }

    @Test
    void oneAddressHasAsManyConnectionsAsItMayHave() throws Exception {
        node("http.connectionsPerAddressMax=3");
        String post = HttpSocket.post("", HttpSocket.ORDER);
        try (HttpSocket one = new HttpSocket(node.port);
                HttpSocket two = new HttpSocket(node.port)) {
            assertEquals(201, one.send(post).read().status());
            assertEquals(201, two.send(post).read().status());
            try (HttpSocket three = new HttpSocket(node.port)) {
                assertTrue(three.isEnded());
            }
            assertEquals(1, cut(Bound.HTTP_CONNECTIONS_PER_ADDRESS));
            two.hangUp();
            Await.until(
                    "there is room again",
                    () -> node.client.post(HttpSocket.ORDER).status() == 201);
        }
    }
}
