package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.auth.KeyText;
import dev.sluice.order.OrderId;
import dev.sluice.rig.Commands;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestKeys;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients of docs/examples do what their page says, in each language. */
@Tag("process")
@Timeout(120)
class ExamplesTest {

    private static final Path EXAMPLES = Path.of("docs/examples");
    private static final String UNKEYED = """
            {"customerId":"c-42","currency":"EUR","items":[{"sku":"ABC-1","quantity":2,"unitPrice":12.50}]}""";

    @TempDir
    static Path folder;

    private static Node node;

    private record Ran(int code, String said) {}

    /** A client: what must be there to run it, and how it is run. */
    record Client(String program, List<String> command) {

        @Override
        public String toString() {
            return command.get(command.size() - 1);
        }
    }

    static List<Client> clients() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                new Client("curl", List.of("sh", "submit.sh")),
                new Client("python3", List.of("python3", "submit.py")),
                new Client("node", List.of("node", "submit.mjs")),
                new Client(java, List.of(java, "-XX:TieredStopAtLevel=1", "Submit.java")));
    }

    @BeforeAll
    static void start() {
        node = Node.start(TestPostgres.freshDatabase(), "shutdown.graceMs=0");
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    private static Ran run(Client client, String url, String order) throws Exception {
        return run(client, url, order, "");
    }

    private static Ran run(Client client, String url, String order, String apiKey) throws Exception {
        assumeTrue(Commands.complaint(client.program, "--version").isEmpty(), client.program + " is not installed");
        Path file = Files.writeString(folder.resolve("order.json"), order);
        List<String> command = new ArrayList<>(client.command);
        command.set(command.size() - 1, EXAMPLES.resolve(client.toString()).toString());
        command.addAll(List.of(url, file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SLUICE_API_KEY", apiKey);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
        return new Ran(process.exitValue(), said);
    }

    private static String keyed() {
        return UNKEYED.replaceFirst("\\{", "{\"clientOrderId\":\"" + Node.key() + "\",");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aNodeTakesTheOrderAndASecondRunIsAReplay(Client client) throws Exception {
        String url = "http://127.0.0.1:" + node.port();
        String order = keyed();
        Ran first = run(client, url, order);
        assertEquals(0, first.code, first.said);
        JsonObject document = new JsonObject(first.said);
        assertEquals("committed", document.getString("status"));
        assertEquals("25.00", document.getString("total"), "the price did not pass a double");
        assertEquals(document, new JsonObject(run(client, url, order).said));
        assertEquals("1", node.rows(document.getString("clientOrderId")));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void theKeyOfTheEnvironmentIsShown(Client client) throws Exception {
        KeyText key = new TestKeys(node.database()).of("shop");
        Path kept = folder.resolve(key.id());
        try (Node asking = Node.start(node.database(), "auth.mode=keys", "auth.snapshotFile=" + kept)) {
            String url = "http://127.0.0.1:" + asking.port();
            String order = keyed();
            assertEquals(1, run(client, url, order).code, "401 is no answer to repeat after");
            Ran ran = run(client, url, order, key.text());
            assertEquals(0, ran.code, ran.said);
            assertEquals(
                    OrderId.of("shop", new JsonObject(order).getString("clientOrderId"))
                            .toString(),
                    new JsonObject(ran.said).getString("id"));
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void whatIsNoOrderIsNotRepeated(Client client) throws Exception {
        try (Unlucky server = new Unlucky(List.of(422))) {
            Ran ran = run(client, server.url(), keyed());
            assertEquals(1, ran.code, ran.said);
            assertEquals(1, server.bodies.size());
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aLostConnectionAndARefusalForNowAreRepeatedWithTheSameKey(Client client) throws Exception {
        String order = client.toString().matches("submit.py|submit.mjs") ? UNKEYED : keyed();
        try (Unlucky server = new Unlucky(List.of(Unlucky.CUT, 503, 429, 201))) {
            Ran ran = run(client, server.url(), order);
            assertEquals(0, ran.code, ran.said);
            assertEquals(4, server.bodies.size(), ran.said);
            assertEquals(1, new HashSet<>(server.bodies).size(), "the same bytes each time");
            assertEquals(1, server.keys.size(), "the same key each time: " + server.keys);
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aServerThatIsNeverThereIsGivenUp(Client client) throws Exception {
        try (Unlucky server = new Unlucky(List.of())) {
            assertEquals(4, run(client, server.url(), keyed()).code);
            assertTrue(server.bodies.size() > 2, server.bodies.size() + " attempts");
        }
    }

    /** Answers with these statuses in turn, then cuts every connection; asks to wait for 1 s once. */
    private static final class Unlucky implements AutoCloseable {

        static final int CUT = 0;

        final List<String> bodies = new CopyOnWriteArrayList<>();
        final Set<String> keys = new HashSet<>();
        private final List<Integer> statuses;
        private final HttpServer server;

        Unlucky(List<Integer> statuses) throws IOException {
            this.statuses = statuses;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/orders", this::answer);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        private void answer(HttpExchange exchange) throws IOException {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            int status = bodies.size() > statuses.size() ? CUT : statuses.get(bodies.size() - 1);
            if (status != CUT) {
                if (status == 503) {
                    exchange.getResponseHeaders().set("Retry-After", "1");
                }
                exchange.sendResponseHeaders(status, 2);
                exchange.getResponseBody().write("{}".getBytes(UTF_8));
            }
            exchange.close();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
