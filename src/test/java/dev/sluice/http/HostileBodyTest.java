package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies that are too large, endless, many, or only announced: refused, and the refusal arrives. */
@Tag("contract")
class HostileBodyTest {

    private static final String CHUNKED =
            "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static RunningNode node;

    @BeforeAll
    static void start() {
        node = RunningNode.start("http.instances=1", "http.bodyBufferBytesMax=131072");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static RudeClient client() {
        return new RudeClient(node.port());
    }

    private static void pauseMs(long ms) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    @Test
    void aBodyAnnouncedTooLargeIsRefusedAndTheAnswerArrives() {
        byte[] piece = new byte[64 * 1024];
        try (RudeClient client = client()) {
            client.send(RudeClient.post("", "").replace("Content-Length: 0", "Content-Length: 100000000"));
            long sent = client.sendUntilRefused(piece, 1_000_000);
            RudeClient.Reply reply = client.read();
            assertEquals(413, reply.status());
            assertTrue(reply.closes());
            assertEquals("body_too_large", new JsonObject(reply.body()).getString("code"));
            assertTrue(sent > 0);
        }
    }

    @Test
    void aChunkedBodyBeyondTheBoundIsRefused() {
        String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
        try (RudeClient client = client()) {
            client.send(CHUNKED + chunk.repeat(8));
            RudeClient.Reply reply = client.read();
            assertEquals(413, reply.status());
            assertTrue(reply.closes());
            assertTrue(client.isEnded());
        }
    }

    @Test
    void aBodyAtTheBoundIsRead() {
        String order = RudeClient.ORDER + " ".repeat(65_536 - RudeClient.ORDER.length());
        try (RudeClient client = client()) {
            assertEquals(201, client.send(RudeClient.post("", order)).read().status());
            assertEquals(
                    413, client.send(RudeClient.post("", order + " ")).read().status());
        }
    }

    @Test
    void anEndlessBodyAfterItsAnswerIsCutOff() {
        try (RudeClient client = client()) {
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
        String expecting = RudeClient.post("Expect: 100-continue\r\n", RudeClient.ORDER);
        String head = expecting.substring(0, expecting.length() - RudeClient.ORDER.length());
        try (RudeClient client = client()) {
            assertEquals(100, client.send(head).read().status());
            assertEquals(201, client.send(RudeClient.ORDER).read().status());
            assertEquals(100, client.send(head).read().status());
            assertEquals(201, client.send(RudeClient.ORDER).read().status());
        }
        try (RudeClient client = client()) {
            RudeClient.Reply refused =
                    client.send(head.replace("application/json", "text/plain")).read();
            assertEquals(415, refused.status());
            assertTrue(refused.closes());
            assertTrue(client.isEnded());
        }
    }

    /** Two bodies of 64 KiB fill this node's budget; a third is refused, and room comes back when they end. */
    @Test
    void bodiesTogetherAreBounded() {
        String post = RudeClient.post("", RudeClient.ORDER + " ".repeat(60_000 - RudeClient.ORDER.length()));
        String most = post.substring(0, post.length() - 1);
        try (RudeClient one = client();
                RudeClient two = client();
                RudeClient three = client()) {
            one.send(most);
            two.send(most);
            pauseMs(200);
            RudeClient.Reply refused = three.send(post).read();
            assertEquals(503, refused.status(), refused.body());
            assertEquals("not_stored", new JsonObject(refused.body()).getString("code"));
            assertFalse(refused.header("retry-after").isEmpty());
            assertEquals(201, one.send(" ").read().status());
            two.hangUp();
            pauseMs(200);
            assertEquals(201, one.send(post).read().status());
            assertTrue(node.metric("sluice_refused_total{bound=\"body_buffer\"}") >= 1);
        }
    }
}
