package dev.sluice.bus.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.Part;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.metrics.OrderOutcome;
import dev.sluice.quota.Quotas;
import dev.sluice.rig.Await;
import dev.sluice.rig.LogLines;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Vertx;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the bridge that do not read, read slowly, or leave in the middle. No writer is there. */
@Tag("contract")
@Timeout(60)
class BridgeReadersTest {

    /** An array of so many orders that are none: 30 KB, and 2 MB of result objects. */
    private static final int ORDERS = 10_000;

    private static final int READ_BYTES = 16 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private final List<Throwable> unhandled = new CopyOnWriteArrayList<>();
    private final Metrics metrics = Metrics.on("test");
    private final MemoryBudget memory = new MemoryBudget(64 << 20);

    @BeforeEach
    void register() {
        Wire.register(vertx);
        vertx.exceptionHandler(unhandled::add);
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
        metrics.close();
    }

    private BridgeVerticle bridge(String... sets) {
        String[] all = new String[sets.length + 1];
        all[0] = "bridge.port=0";
        System.arraycopy(sets, 0, all, 1, sets.length);
        SluiceConfig config = TestConfig.of(all);
        BridgeVerticle bridge = new BridgeVerticle(
                context -> new OrderDispatcher(
                        context, new WriterDirectory(), "lookup", loop -> new OverflowQueue.None(), config, metrics),
                config,
                metrics,
                memory,
                new Quotas(config.quota(), metrics, System::nanoTime));
        Await.result(vertx.deployVerticle(bridge));
        return bridge;
    }

    /** Its kernel keeps little for it. */
    private static Socket client(BridgeVerticle bridge) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(READ_BYTES);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), bridge.port()));
        return socket;
    }

    private static byte[] frame(String body) {
        return ("{\"type\":\"send\",\"address\":\"orders.submit\",\"replyAddress\":\"r\",\"body\":" + body + "}")
                .getBytes(UTF_8);
    }

    private static void send(Socket socket, int length, byte[] frame) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(length);
        out.write(frame);
        out.flush();
    }

    private static void sendMany(Socket socket) throws IOException {
        byte[] frame = frame("[" + "{},".repeat(ORDERS - 1) + "{}]");
        send(socket, frame.length, frame);
    }

    /** Comes back when the bridge has done all that it began before. */
    private static void ping(BridgeVerticle bridge) throws IOException {
        byte[] frame = "{\"type\":\"ping\"}".getBytes(UTF_8);
        try (Socket socket = client(bridge)) {
            send(socket, frame.length, frame);
            assertTrue(new DataInputStream(socket.getInputStream()).readInt() > 0);
        }
    }

    @Test
    void anAnswerIsReservedUntilItIsTakenAndAClientThatTakesNothingIsCut() throws Exception {
        BridgeVerticle bridge = bridge("http.deadlineMs=3000");
        try (Socket deaf = client(bridge)) {
            sendMany(deaf);
            Await.state(
                    "the answer is made",
                    () -> metrics.orders().of(OrderOutcome.INVALID).total() == ORDERS);
            ping(bridge);
            assertTrue(memory.held(Part.BULK) > 1_000_000, () -> "held: " + memory.held(Part.BULK));
            Await.state(
                    "it is cut", () -> metrics.refused().of(Bound.ANSWER_UNREAD).total() == 1);
            Await.state("nothing is held for it", () -> memory.held() == 0);
        }
    }

    @Test
    void aSlowClientThatGoesOnReadingHasItsAnswer() throws Exception {
        BridgeVerticle bridge = bridge("http.deadlineMs=1000");
        try (Socket slow = client(bridge)) {
            sendMany(slow);
            DataInputStream in = new DataInputStream(slow.getInputStream());
            int length = in.readInt();
            AtomicInteger read = new AtomicInteger();
            Await.until("it has all", () -> {
                byte[] piece = in.readNBytes(Math.min(READ_BYTES, length - read.get()));
                return read.addAndGet(piece.length) == length || piece.length == 0;
            });
            assertEquals(length, read.get());
            assertEquals(0, metrics.refused().of(Bound.ANSWER_UNREAD).total());
        }
        Await.state("nothing is held for it", () -> memory.held() == 0);
    }

    /** Less than a frame's length, or a whole order in a frame that announced more: neither is taken, neither is an error. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 1_000})
    void whatIsLessThanItsFrameIsNotTaken(int bytes) throws Exception {
        BridgeVerticle bridge = bridge();
        byte[] order = frame("{}");
        try (Socket leaving = client(bridge)) {
            byte[] all = new byte[4 + order.length];
            all[3] = (byte) (order.length + 9);
            System.arraycopy(order, 0, all, 4, order.length);
            leaving.getOutputStream().write(all, 0, Math.min(all.length, bytes));
        }
        ping(bridge);
        byte[] whole = frame("{}");
        try (Socket next = client(bridge)) {
            send(next, whole.length, whole);
            assertTrue(new DataInputStream(next.getInputStream()).readInt() > 0);
        }
        assertEquals(1, metrics.orders().of(OrderOutcome.INVALID).total(), "that of the one that stayed");
        assertEquals(List.of(), unhandled);
    }

    private static void say(Socket socket, String frame) throws IOException {
        byte[] bytes = frame.getBytes(UTF_8);
        send(socket, bytes.length, bytes);
    }

    private static void assertAnswers(Socket socket) throws IOException {
        say(socket, "{\"type\":\"ping\"}");
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.readNBytes(in.readInt());
    }

    /** Connections that say nothing keep no client out, and one that only listens has its reason. */
    @Test
    void theQuietestClientGivesWayAndAFollowerLast() throws Exception {
        BridgeVerticle bridge = bridge("bridge.connectionsMax=3");
        try (Socket follower = client(bridge);
                Socket quiet = client(bridge);
                Socket busy = client(bridge)) {
            say(follower, "{\"type\":\"register\",\"address\":\"orders.committed\"}");
            assertAnswers(follower);
            assertAnswers(busy);
            assertAnswers(quiet);
            assertAnswers(busy);
            try (Socket next = client(bridge)) {
                assertAnswers(next);
                assertEquals(-1, quiet.getInputStream().read());
                assertAnswers(follower);
                assertAnswers(busy);
            }
            assertEquals(1, metrics.refused().of(Bound.BRIDGE_CONNECTIONS).total());
        }
    }

    @Test
    void whereNoneIsQuietTheNextOneIsRefused() throws Exception {
        BridgeVerticle bridge = bridge("bridge.connectionsMax=1");
        try (Socket sends = client(bridge)) {
            send(sends, 100_000, new byte[1]);
            Await.state("a large frame is coming in", () -> memory.held() == 100_000);
            try (Socket refused = client(bridge)) {
                assertEquals(-1, refused.getInputStream().read());
            }
            assertEquals(100_000, memory.held());
            assertEquals(1, metrics.refused().of(Bound.BRIDGE_CONNECTIONS).total());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void aBridgeForOthersIsSaid(String host) {
        try (LogLines log = LogLines.of(BridgeVerticle.class)) {
            bridge("bridge.host=" + host, "bridge.account=shop");
            boolean said = log.lines().stream()
                    .anyMatch(line -> line.startsWith("WARN bridge: every program") && line.contains("account shop"));
            assertEquals(host.startsWith("0"), said, () -> log.lines().toString());
        }
    }
}
