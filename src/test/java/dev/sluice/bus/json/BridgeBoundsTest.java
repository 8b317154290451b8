package dev.sluice.bus.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.quota.Quotas;
import dev.sluice.rig.Await;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What frames of the bridge may hold of a node's memory, and for how long. */
@Tag("contract")
@Timeout(30)
class BridgeBoundsTest {

    /** Half of it is for large requests. */
    private static final long BUDGET_BYTES = 1 << 20;

    private static final int LARGE = 300_000;

    private final Vertx vertx = Vertx.vertx();
    private final Metrics metrics = Metrics.on("test");
    private final MemoryBudget memory = new MemoryBudget(BUDGET_BYTES);
    private final SluiceConfig config = TestConfig.of(
            "bridge.port=0",
            "bridge.account=shop",
            "http.deadlineMs=1000",
            "quota.accounts.shop.ordersPerSecond=1",
            "quota.accounts.shop.burst=1");
    private final BridgeVerticle bridge = new BridgeVerticle(
            context -> new OrderDispatcher(
                    context, new WriterDirectory(), "lookup", loop -> new OverflowQueue.None(), config, metrics),
            config,
            metrics,
            memory,
            new Quotas(config.quota(), metrics, System::nanoTime));

    @BeforeEach
    void deploy() {
        Wire.register(vertx);
        Await.result(vertx.deployVerticle(bridge));
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
        metrics.close();
    }

    private Socket announces(int bytes) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), bridge.port());
        new DataOutputStream(socket.getOutputStream()).writeInt(bytes);
        return socket;
    }

    private static int errorOf(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] frame = in.readNBytes(in.readInt());
        assertEquals(-1, in.read());
        return new JsonObject(new String(frame, StandardCharsets.UTF_8)).getInteger("failureCode");
    }

    @Test
    void aLargeFrameIsReservedBeforeItIsReadAndOneThatDoesNotFitIsRefused() throws Exception {
        try (Socket first = announces(LARGE)) {
            Await.state("the first one is reserved", () -> memory.held() == LARGE);
            try (Socket second = announces(LARGE)) {
                assertEquals(503, errorOf(second));
            }
            assertEquals(408, errorOf(first));
        }
        Await.state("nothing is reserved", () -> memory.held() == 0);
    }

    private static JsonObject submit(Socket socket, String body) throws IOException {
        byte[] frame = ("{\"type\":\"send\",\"address\":\"orders.submit\",\"replyAddress\":\"r\",\"body\":" + body
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(frame.length);
        out.write(frame);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return new JsonObject(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
    }

    /** An order that is none counts too; what is refused for good says no time. */
    @Test
    void aMessageBeyondTheQuotaSaysWhenToSendItAgain() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bridge.port())) {
            assertEquals(1, submit(socket, "[{}]").getJsonArray("body").size());
            JsonObject refused = submit(socket, "[{}]");
            assertEquals(429, refused.getInteger("failureCode"));
            assertTrue(refused.getInteger("retryAfterSeconds") >= 1, refused::encode);
            assertTrue(refused.getString("message").startsWith("quota_exceeded: "), refused::encode);
            assertFalse(refused.getString("message").contains("retryAfterSeconds"), refused::encode);
            JsonObject forGood = submit(socket, "7");
            assertEquals(400, forGood.getInteger("failureCode"));
            assertFalse(forGood.containsKey("retryAfterSeconds"));
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleGivesItsReservationBack() throws Exception {
        try (Socket leaving = announces(LARGE)) {
            Await.state("it is reserved", () -> memory.held() == LARGE);
            assertTrue(leaving.isConnected());
        }
        Await.state("nothing is reserved", () -> memory.held() == 0);
        try (Socket next = announces(LARGE)) {
            Await.state("the next one fits", () -> memory.held() == LARGE);
            assertTrue(next.isConnected());
        }
    }
}
