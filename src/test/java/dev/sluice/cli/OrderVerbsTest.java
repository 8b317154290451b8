package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice order} against a node with a real PostgreSQL, and against a listener that refuses as it is told. */
@Tag("contract")
class OrderVerbsTest {

    private static final String ID = "1db3ef6c-15ce-820b-97d8-b7396807a414";
    private static final String ORDER = """
            {"clientOrderId": "web-7f3a-0001", "customerId": "c-42", "currency": "EUR",
             "items": [{"sku": "ABC-1", "quantity": 2, "unitPrice": "12.50"}]}
            """;

    @TempDir
    static Path folder;

    private static Node node;

    private record Ran(int code, String out, String err) {}

    @BeforeAll
    static void start() {
        node = Node.start(TestPostgres.freshDatabase(), "shutdown.graceMs=0");
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    private static Ran sluice(Map<String, String> environment, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Sluice.commandLine(environment, new PrintWriter(out), new PrintWriter(err))
                .execute(args);
        return new Ran(code, out.toString(), err.toString());
    }

    private static Ran order(String... args) {
        List<String> line = new ArrayList<>(List.of("order"));
        line.addAll(List.of(args));
        line.add("--url=http://127.0.0.1:" + node.port());
        return sluice(Map.of(), line.toArray(String[]::new));
    }

    private static String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void anOrderIsSubmittedRepeatedAndFound() throws IOException {
        String file = file("order.json", ORDER);
        String committed = "committed: order " + ID + ", key web-7f3a-0001, total 25.00 EUR";
        assertEquals(new Ran(0, committed + "\n", ""), order("submit", file));
        assertEquals(new Ran(0, committed + " (it was there before)\n", ""), order("submit", file));
        assertEquals(new Ran(0, committed + "\n", ""), order("get", ID));
        assertEquals(new Ran(0, committed + "\n", ""), order("get", "--key=web-7f3a-0001"));
        assertEquals(ID, new JsonObject(order("get", ID, "--json").out).getString("id"));
        assertEquals("committed", new JsonObject(order("submit", file, "--json").out).getString("status"));
    }

    @Test
    void theKeyMayComeFromTheLineAndTheDocumentFromStdin() {
        InputStream stdin = System.in;
        try {
            System.setIn(new ByteArrayInputStream(
                    ORDER.replace("\"clientOrderId\": \"web-7f3a-0001\", ", "").getBytes(StandardCharsets.UTF_8)));
            String odd = "a\"b\\c";
            Ran ran = order("submit", "--key=" + odd);
            assertEquals(0, ran.code, ran.err);
            assertTrue(ran.out.contains(", key " + odd + ", "), ran.out);
            assertEquals(ran.out, order("get", "--key", odd).out);
        } finally {
            System.setIn(stdin);
        }
    }

    /** Never altered on the way: what is no UTF-8 would be stored with other characters. */
    @ParameterizedTest
    @CsvSource({"latin, is not UTF-8", "large, is larger than an order can be", "blank, holds no document"})
    void aDocumentThatCannotBeSentAsItIsIsNotSent(String kind, String says) throws IOException {
        byte[] document = switch (kind) {
            case "latin" -> ORDER.replace("c-42", "M\u00fcller").getBytes(StandardCharsets.ISO_8859_1);
            case "large" -> new byte[(1 << 20) + 1];
            default -> "\n".getBytes(StandardCharsets.US_ASCII);
        };
        String file = Files.write(folder.resolve(kind), document).toString();
        InputStream stdin = System.in;
        try {
            System.setIn(new ByteArrayInputStream(document));
            assertUsage(order("submit"), "stdin " + says);
            assertUsage(order("submit", file), file + " " + says);
        } finally {
            System.setIn(stdin);
        }
    }

    private static void assertUsage(Ran ran, String says) {
        assertEquals(ExitCodes.USAGE, ran.code, ran.err);
        assertTrue(ran.err.replace(": ", " ").contains(says), ran.err);
    }

    @Test
    void aFolderIsNoDocument() {
        Ran ran = order("submit", folder.toString());
        assertEquals(ExitCodes.FAILED, ran.code);
        assertEquals("sluice: " + folder + " cannot be read: is a directory\n", ran.err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hush\u00fc", "hush\nX: y", "hush hush", "hush\u0000"})
    void aKeyThatNoHeaderCarriesIsSaidWithoutIt(String key) {
        for (Ran ran : List.of(
                order("get", ID, "--api-key=" + key),
                sluice(Map.of("SLUICE_API_KEY", key), "order", "get", ID),
                sluice(Map.of(), "overflow", "status", "--token=" + key),
                sluice(Map.of("SLUICE_ADMIN_TOKEN", key), "overflow", "status"))) {
            assertTrue(ran.code == ExitCodes.USAGE || ran.code == ExitCodes.BAD_CONFIGURATION, ran.err);
            assertTrue(ran.err.contains("may hold visible ASCII characters only"), ran.err);
            assertFalse(ran.err.contains("hush"), ran.err);
        }
    }

    @Test
    void theNodeIsTheConfigurationsUnlessTheLineNamesOne() throws IOException {
        String file = file("configured.json", ORDER.replace("0001", "0002"));
        Map<String, String> environment = Map.of("SLUICE_HTTP_PORT", "" + node.port());
        assertEquals(0, sluice(environment, "order", "submit", file).code);
        assertEquals(0, sluice(Map.of(), "order", "get", "--key=web-7f3a-0002", "--set=http.port=" + node.port()).code);
        Ran any = sluice(Map.of("SLUICE_HTTP_PORT", "0"), "order", "get", ID);
        assertEquals(ExitCodes.USAGE, any.code);
        assertTrue(any.err.startsWith("sluice: http.port is 0, any free port: --url says which"), any.err);
    }

    @Test
    void everyFaultIsALine() throws IOException {
        Ran ran = order("submit", file("bad.json", ORDER.replace("EUR", "EURO").replace("2,", "0,")));
        assertEquals(ExitCodes.FAILED, ran.code);
        assertTrue(ran.err.contains("says 400 invalid_order: The order has 2 faults"), ran.err);
        assertTrue(ran.err.contains("\n  /currency: must be "), ran.err);
        assertTrue(ran.err.contains("\n  /items/0/quantity: must be "), ran.err);
        assertEquals("", ran.out);
    }

    @Test
    void whatIsNotThereIsOne() {
        Ran ran = order("get", "00000000-0000-0000-0000-000000000007");
        assertEquals(ExitCodes.FAILED, ran.code);
        assertTrue(ran.err.contains("says 404 "), ran.err);
    }

    @ParameterizedTest
    @CsvSource({
        "submit /no/such.json, /no/such.json: no such file",
        "submit --key=, --key is 1 to 64",
        "get, Missing required",
        "get x, 'x' is not a UUID",
        "submit @order.json, @order.json: no such file",
        "get --key=a 1db3ef6c-15ce-820b-97d8-b7396807a414, unexpected argument"
    })
    void aLineThatIsWrongIsUsage(String line, String says) {
        Ran ran = order(line.split(" "));
        assertEquals(ExitCodes.USAGE, ran.code, ran.err);
        assertTrue(ran.err.contains(says), ran.err);
    }

    @Test
    void whatNoStoreTookIsFourAndSoIsANodeThatIsNotThere() throws IOException {
        HttpServer refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        refusing.createContext("/", exchange -> {
            byte[] problem = "{\"code\":\"not_stored\",\"detail\":\"no store\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(503, problem.length);
            exchange.getResponseBody().write(problem);
            exchange.close();
        });
        refusing.start();
        String url = "--url=http://127.0.0.1:" + refusing.getAddress().getPort();
        String file = file("unlucky.json", ORDER);
        try {
            Ran ran = sluice(Map.of(), "order", "submit", file, url);
            assertEquals(ExitCodes.DEPENDENCY_UNREACHABLE, ran.code);
            assertTrue(ran.err.contains("says 503 not_stored: no store"), ran.err);
        } finally {
            refusing.stop(0);
        }
        Ran away = sluice(Map.of(), "order", "submit", file, url);
        assertEquals(ExitCodes.DEPENDENCY_UNREACHABLE, away.code);
        assertTrue(away.err.contains("--url gives another address"), away.err);
    }
}
