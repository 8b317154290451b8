package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies that are too large, endless, many, or only announced: refused, and the refusal arrives. */
@Tag("contract")
class HostileBodyTest {

    private static final String CHUNKED = """
            POST /orders HTTP/1.1\r
            Host: localhost\r
            Content-Type: application/json\r
            Transfer-Encoding: chunked\r
            \r
            """;

    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start(TestPostgres.freshDatabase(), "http.instances=1");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static HttpSocket client() {
        return new HttpSocket(node.port());
    }

    @Test
    void aBodyAnnouncedTooLargeIsRefusedAndTheAnswerArrives() {
        byte[] piece = new byte[64 * 1024];
        try (HttpSocket client = client()) {
            client.send(HttpSocket.post("", "").replace("Content-Length: 0", "Content-Length: 100000000"));
            long sent = client.sendUntilRefused(piece, 1_000_000);
            Reply reply = client.read();
            assertEquals(413, reply.status());
            assertTrue(reply.isLast());
            assertEquals("body_too_large", reply.code());
            assertTrue(sent > 0);
        }
    }

    @Test
    void aChunkedBodyBeyondTheBoundIsRefused() {
        String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
        try (HttpSocket client = client()) {
            client.send(CHUNKED + chunk.repeat(8));
            Reply reply = client.read();
            assertEquals(413, reply.status());
            assertTrue(reply.isLast());
            assertTrue(client.isEnded());
        }
    }

    @Test
    void aBodyAtTheBoundIsRead() {
        String order = HttpSocket.ORDER + " ".repeat(65_536 - HttpSocket.ORDER.length());
        try (HttpSocket client = client()) {
            assertEquals(201, client.send(HttpSocket.post("", order)).read().status());
            assertEquals(
                    413, client.send(HttpSocket.post("", order + " ")).read().status());
        }
    }

    /** What is answered to a small body is in proportion to it: a client that does not read holds no more. */
    @Test
    void theAnswerToManyFaultsBelowALongKeyIsShort() {
        String nulls = "[" + "null,".repeat(99) + "null]";
        String order = HttpSocket.ORDER.replace(
                "{\"customerId\"", "{\"attributes\":{\"" + "/".repeat(4_000) + "\":" + nulls + "},\"customerId\"");
        try (HttpSocket client = client()) {
            Reply reply = client.send(HttpSocket.post("", order)).read();
            assertEquals(400, reply.status());
            assertTrue(reply.body().length() < 64 * 1024, () -> reply.body().length() + " bytes");
            Reply lines = client.send(HttpSocket.post("", order)
                            .replace("POST /orders", "POST /orders/batch")
                            .replace("application/json", "application/x-ndjson"))
                    .read();
            assertTrue(lines.body().length() < 64 * 1024, () -> lines.body().length() + " bytes");
        }
    }

    @Test
    void anEndlessBodyAfterItsAnswerIsCutOff() {
        try (HttpSocket client = client()) {
            client.send(CHUNKED.replace("/orders", "/nowhere"));
            assertEquals(404, client.read().status());
            long began = System.nanoTime();
            byte[] chunk =
                    ("1000\r\n" + "x".repeat(0x1000) + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            assertTimeout(Duration.ofSeconds(5), () -> client.sendUntilRefused(chunk, Long.MAX_VALUE));
            assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) < 4_000);
        }
    }

    @Test
    void anExpectationIsMetOrRefusedBeforeTheBody() {
        String expecting = HttpSocket.post("Expect: 100-continue\r\n", HttpSocket.ORDER);
        String head = expecting.substring(0, expecting.length() - HttpSocket.ORDER.length());
        try (HttpSocket client = client()) {
            assertEquals(100, client.send(head).read().status());
            assertEquals(201, client.send(HttpSocket.ORDER).read().status());
            assertEquals(100, client.send(head).read().status());
            assertEquals(201, client.send(HttpSocket.ORDER).read().status());
        }
        try (HttpSocket client = client()) {
            Reply refused =
                    client.send(head.replace("application/json", "text/plain")).read();
            assertEquals(415, refused.status());
            assertTrue(refused.isLast());
            assertTrue(client.isEnded());
        }
    }
}
