package dev.sluice.bus.json;

import static dev.sluice.store.TestOrders.document;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of the TCP bridge hear, over sockets, from a real node. */
@Tag("contract")
@Timeout(60)
class BridgeTest {

    private static final int FRAME_BYTES_MAX = 200_000;
    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start(
                TestPostgres.freshDatabase(),
                "http.instances=1",
                "writer.instances=1",
                "bridge.enabled=true",
                "bridge.port=0",
                "bridge.account=shop",
                "bridge.frameBytesMax=" + FRAME_BYTES_MAX,
                "bridge.connectionsMax=8");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** A client that speaks the frames by hand. */
    private static final class Client implements AutoCloseable {

        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Client() throws IOException {
            this(node.server().bridgePort());
        }

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        void send(String json) throws IOException {
            send(json.getBytes(StandardCharsets.UTF_8));
        }

        void send(byte[] bytes) throws IOException {
            out.writeInt(bytes.length);
            out.write(bytes);
            out.flush();
        }

        JsonObject read() throws IOException {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            return new JsonObject(new String(bytes, StandardCharsets.UTF_8));
        }

        /** Reads to the end, which a reset may cut short. */
        void drain() {
            try {
                assertTrue(in.transferTo(OutputStream.nullOutputStream()) >= 0);
            } catch (IOException reset) {
                assertTrue(socket.isConnected());
            }
        }

        JsonObject submit(String body) throws IOException {
            send("{\"type\":\"send\",\"address\":\"orders.submit\",\"replyAddress\":\"r\",\"body\":" + body + "}");
            return read();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void anOrderIsCommittedAsTheBridgesAccountWhateverTheClientSays() throws Exception {
        String key = Node.key();
        try (Client client = new Client()) {
            client.send("{\"type\":\"send\",\"address\":\"orders.submit\",\"replyAddress\":\"r\",\"headers\":"
                    + "{\"account\":\"other\"},\"body\":" + document(key) + "}");
            JsonObject reply = client.read();
            assertEquals("message", reply.getString("type"));
            assertEquals("r", reply.getString("address"));
            assertEquals(201, reply.getJsonObject("body").getInteger("status"));
            assertEquals(
                    "shop",
                    TestPostgres.queryText(
                            node.database(), "select account from orders where client_order_id = '" + key + "'"));
        }
    }

    @Test
    void anArrayHasAResultForEachOrderInItsOrder() throws Exception {
        String key = Node.key();
        try (Client client = new Client()) {
            JsonArray results = client.submit("[" + document(key) + ",{}," + document(key) + "]")
                    .getJsonArray("body");
            List<Integer> statuses = new ArrayList<>();
            results.forEach(result -> statuses.add(((JsonObject) result).getInteger("status")));
            assertEquals(List.of(201, 400, 201), statuses);
            assertEquals(3, results.getJsonObject(2).getInteger("line"));
            assertTrue(results.getJsonObject(2).getBoolean("replayed"));
        }
    }

    /** A price of 15 digits would change on its way through a double. */
    @Test
    void numbersAreReadAsTheyWereSent() throws Exception {
        String key = Node.key();
        String order = new JsonObject(document(key)).encode();
        String exact = order.replaceFirst("\"unitPrice\":\"?[0-9.]+\"?", "\"unitPrice\":9007199254.1234");
        try (Client client = new Client()) {
            assertEquals(201, client.submit(exact).getJsonObject("body").getInteger("status"));
            assertEquals(
                    "9007199254.1234",
                    TestPostgres.queryText(
                            node.database(),
                            "select items->0->>'unitPrice' from orders where client_order_id = '" + key + "'"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"send\",\"address\":\"sluice.writer.x.0\",\"replyAddress\":\"r\",\"body\":{}}",
                "{\"type\":\"send\",\"address\":\"orders.committed\",\"replyAddress\":\"r\",\"body\":{}}",
                "{\"type\":\"publish\",\"address\":\"orders.submit\",\"replyAddress\":\"r\",\"body\":{}}",
                "{\"type\":\"register\",\"address\":\"orders.submit\",\"replyAddress\":\"r\"}",
                "{\"type\":\"register\",\"address\":\"\",\"replyAddress\":\"r\"}"
            })
    void onlyTheTwoAddressesAreReached(String frame) throws Exception {
        try (Client client = new Client()) {
            client.send(frame);
            JsonObject error = client.read();
            assertEquals("err", error.getString("type"));
            assertEquals(403, error.getInteger("failureCode"));
            assertEquals("r", error.getString("address"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "x", "{\"type\":\"ping\"}{}", "{\"type\":\"ping\",\"type\":\"ping\"}", "{"})
    void whatIsNoFrameEndsTheConnectionWithAWord(String frame) throws Exception {
        try (Client client = new Client()) {
            client.send(frame);
            assertEquals(400, client.read().getInteger("failureCode"));
            assertThrows(EOFException.class, client::read);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, FRAME_BYTES_MAX + 1, Integer.MAX_VALUE})
    void aFrameBeyondTheBoundEndsTheConnectionBeforeItIsRead(int length) throws Exception {
        try (Client client = new Client()) {
            client.out.writeInt(length);
            client.out.flush();
            assertEquals(400, client.read().getInteger("failureCode"));
            assertThrows(EOFException.class, client::read);
        }
    }

    /** A close with bytes unread would reset the connection, and the client would not hear why. */
    @Test
    void theWordArrivesThoughTheFrameIsSentAllTheSame() throws Exception {
        try (Client client = new Client()) {
            client.out.writeInt(FRAME_BYTES_MAX + 1);
            for (int i = 0; i < 16; i++) {
                client.out.write(new byte[FRAME_BYTES_MAX / 16]);
                client.out.flush();
            }
            assertEquals(400, client.read().getInteger("failureCode"));
            assertThrows(EOFException.class, client::read);
        }
    }

    /** Those that came before are stored: their client hears so. */
    @Test
    void whatCameBeforeIsAnsweredThoughTheConnectionEnds() throws Exception {
        int sent = 50;
        try (Client client = new Client()) {
            for (int i = 0; i < sent; i++) {
                client.send("{\"type\":\"send\",\"address\":\"orders.submit\",\"replyAddress\":\"r" + i + "\",\"body\":"
                        + document(Node.key()) + "}");
            }
            client.send("no frame");
            List<String> heard = new ArrayList<>();
            for (int i = 0; i <= sent; i++) {
                heard.add(client.read().getString("type"));
            }
            assertEquals(sent, heard.stream().filter("message"::equals).count());
            assertEquals(1, heard.stream().filter("err"::equals).count());
            assertThrows(EOFException.class, client::read);
        }
    }

    private static Stream<String> faultyOrders() {
        String order = document("faulty");
        return Stream.of(
                order.replace("{\"clientOrderId", "{\"currency\":\"EUR\",\"clientOrderId"),
                order.replace("\"EUR\"", "\"E\tR\""),
                order.replace("\"EUR\"", "EUR"),
                order.replace("\"EUR\"", "\"E\u00ffR\""),
                order.replace("\"EUR\"", "\"EUR\",\"attributes\":{\"a\":" + "9".repeat(2_000) + "}"),
                order.replace("\"EUR\"", "\"EUR\",\"attributes\":" + "[".repeat(500) + "]".repeat(500)),
                order.replace("\"EUR\"", "\"EUR\",\"" + "n".repeat(60_000) + "\":1"),
                order.replace(",", ",,"),
                order.replace("}]", "},]"));
    }

    /** The parser of orders judges it, as over HTTP, and nothing else suffers. */
    @ParameterizedTest
    @MethodSource("faultyOrders")
    void anOrderWithAFaultIsAnsweredAndItsNeighboursAreTaken(String faulty) throws Exception {
        try (Client client = new Client()) {
            for (String body :
                    List.of(faulty, "[" + document(Node.key()) + "," + faulty + "," + document(null) + "]")) {
                client.send(("{\"type\":\"send\",\"address\":\"orders.submit\",\"replyAddress\":\"r\",\"body\":" + body
                                + "}")
                        .getBytes(StandardCharsets.ISO_8859_1));
            }
            List<JsonObject> heard = List.of(client.read(), client.read());
            JsonObject one = heard.stream()
                    .filter(frame -> frame.getValue("body") instanceof JsonObject)
                    .findFirst()
                    .orElseThrow();
            assertEquals(400, one.getJsonObject("body").getInteger("status"), one::encode);
            JsonObject many = heard.stream()
                    .filter(frame -> frame.getValue("body") instanceof JsonArray)
                    .findFirst()
                    .orElseThrow();
            List<Integer> statuses = many.getJsonArray("body").stream()
                    .map(result -> ((JsonObject) result).getInteger("status"))
                    .toList();
            assertEquals(List.of(201, 400, 201), statuses, many::encode);
        }
    }

    @Test
    void aPingIsAnswered() throws Exception {
        try (Client client = new Client()) {
            client.send("{\"type\":\"ping\"}");
            assertEquals("pong", client.read().getString("type"));
        }
    }

    @Test
    void aBodyThatIsNoOrderIsJudgedAndOneThatIsNoStructureRefused() throws Exception {
        try (Client client = new Client()) {
            assertEquals(400, client.submit("{\"x\":1}").getJsonObject("body").getInteger("status"));
            assertEquals(400, client.submit("[]").getInteger("failureCode"));
            assertEquals(400, client.submit("7").getInteger("failureCode"));
        }
    }

    @Test
    void whoRegistersHearsOfEveryCommitOnceAndOfReplaysNot() throws Exception {
        String first = Node.key();
        String second = Node.key();
        try (Client follower = new Client();
                Client client = new Client()) {
            follower.send("{\"type\":\"register\",\"address\":\"orders.committed\"}");
            follower.send("{\"type\":\"ping\"}");
            assertEquals("pong", follower.read().getString("type"));
            Await.until("the follower hears of a commit", () -> {
                client.submit(document(Node.key()));
                return follower.in.available() > 0;
            });
            client.submit(document(first));
            client.submit(document(first));
            client.submit(document(second));
            List<String> heard = new ArrayList<>();
            while (!heard.contains(second)) {
                JsonObject batch = follower.read().getJsonObject("body");
                assertEquals("shop", batch.getString("account"));
                batch.getJsonArray("orders").forEach(order -> {
                    assertEquals("committed", ((JsonObject) order).getString("status"));
                    heard.add(((JsonObject) order).getString("clientOrderId"));
                });
            }
            assertEquals(1, heard.stream().filter(first::equals).count());
        }
    }

    @Test
    void aClientThatDoesNotReadStopsBeingReadAndLosesNothing() throws Exception {
        try (Client client = new Client()) {
            int sent = 3 * BridgeConnection.OPEN_MAX;
            for (int i = 0; i < sent; i++) {
                client.send("{\"type\":\"send\",\"address\":\"orders.submit\",\"replyAddress\":\"r" + i + "\",\"body\":"
                        + document(Node.key()) + "}");
            }
            for (int i = 0; i < sent; i++) {
                assertEquals(201, client.read().getJsonObject("body").getInteger("status"));
            }
        }
    }

    /** Its messages come faster than they are answered, so that some are always open. */
    @Test
    void aClientThatGoesOnSendingDoesNotKeepTheBridgeFromStopping() throws Exception {
        try (Node leaving = Node.start(
                        TestPostgres.freshDatabase(), "http.instances=1", "bridge.enabled=true", "bridge.port=0");
                Client client = new Client(leaving.server().bridgePort())) {
            Thread sender = new Thread(() -> sendForEver(client), "sender");
            sender.start();
            assertEquals(201, client.read().getJsonObject("body").getInteger("status"));
            leaving.stop();
            client.drain();
            sender.join();
        }
    }

    private static void sendForEver(Client client) {
        try {
            while (true) {
                client.send("{\"type\":\"send\",\"address\":\"orders.submit\",\"replyAddress\":\"r\",\"body\":"
                        + document(null) + "}");
            }
        } catch (IOException closed) {
            assertTrue(client.socket.isConnected()); // the node has ended the connection
        }
    }
}
