package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice overflow} and {@code sluice dead} against a listener that answers what it is told. */
@Tag("contract")
@Timeout(60)
class OverflowVerbsTest {

    private static final String TOKEN = "t".repeat(32);
    private static final String ID = "00000000-0000-0000-0000-000000000007";

    private record Ran(int code, String out, String err) {}

    private final List<String> asked = new ArrayList<>();
    private HttpServer node;
    private int status = 200;
    private String body = "{}";

    @BeforeEach
    void listen() throws IOException {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/", exchange -> {
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI() + (token == null ? "" : " " + token));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        node.start();
    }

    @AfterEach
    void close() {
        node.stop(0);
    }

    private Ran sluice(Map<String, String> environment, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Sluice.commandLine(environment, new PrintWriter(out), new PrintWriter(err))
                .execute(args);
        return new Ran(code, out.toString(), err.toString());
    }

    private Ran ask(String... args) {
        List<String> line = new ArrayList<>(List.of(args));
        line.add("--admin=http://127.0.0.1:" + node.getAddress().getPort());
        return sluice(Map.of(), line.toArray(String[]::new));
    }

    @Test
    void statusIsForPeopleAndForPrograms() {
        body = "{\"up\":true,\"entries\":1234,\"oldestSeconds\":2.5,\"deadLetters\":3,\"drainedTotal\":9,"
                + "\"state\":\"postgres_away\"}";
        Ran ran = ask("overflow", "status");
        assertEquals(0, ran.code, ran.err);
        assertTrue(ran.out.contains("queued orders  1,234\n"), ran.out);
        assertTrue(ran.out.contains("drain          postgres away\n"), ran.out);
        assertEquals(new JsonObject(body), new JsonObject(ask("overflow", "status", "--json").out));
        assertEquals(List.of("GET /admin/overflow", "GET /admin/overflow"), asked);
    }

    @Test
    void deadLettersAreListedAndControlCharactersAreNot() {
        body = "{\"deadLetters\":[{\"id\":\"" + ID + "\",\"orderId\":\"o\",\"account\":\"default\","
                + "\"clientOrderId\":\"k\",\"reason\":\"bad\\u001b[31m\\nrow\",\"diedAt\":\"2026-01-01T00:00:00Z\"}],"
                + "\"next\":\"" + ID + "\"}";
        Ran ran = ask("dead", "list", "--limit=1", "--after=" + ID);
        assertEquals(0, ran.code, ran.err);
        assertTrue(ran.out.startsWith(ID + "  2026-01-01T00:00:00Z  order o  default/k\n    bad [31m row\n"), ran.out);
        assertTrue(ran.out.contains("sluice dead list --after " + ID), ran.out);
        assertEquals(body + "\n", ask("dead", "list", "--json").out);
        assertEquals(
                List.of("GET /admin/dead-letters?limit=1&after=" + ID, "GET /admin/dead-letters?limit=100"), asked);
        body = "{\"deadLetters\":[],\"next\":null}";
        assertEquals("no dead letters\n", ask("dead", "list").out);
    }

    @Test
    void replayAndDiscardNameTheOrder() {
        body = "{\"orderId\":\"o\"}";
        assertEquals(new Ran(0, "queued again: order o\n", ""), ask("dead", "replay", ID));
        assertEquals(new Ran(0, "discarded: order o\n", ""), ask("dead", "discard", ID));
        assertEquals(body + "\n", ask("dead", "discard", ID, "--json").out);
        assertEquals("POST /admin/dead-letters/" + ID + "/replay", asked.get(0));
        assertEquals("DELETE /admin/dead-letters/" + ID, asked.get(1));
    }

    @Test
    void theTokenComesFromTheFlagOrTheEnvironment() {
        String admin = "--admin=http://127.0.0.1:" + node.getAddress().getPort();
        sluice(Map.of("SLUICE_ADMIN_TOKEN", "env"), "overflow", "status", admin);
        sluice(Map.of("SLUICE_ADMIN_TOKEN", "env"), "overflow", "status", admin, "--token=flag");
        sluice(Map.of("SLUICE_ADMIN_TOKEN", ""), "overflow", "status", admin);
        assertEquals(
                List.of("GET /admin/overflow Bearer env", "GET /admin/overflow Bearer flag", "GET /admin/overflow"),
                asked);
    }

    @Test
    void theNodeIsTheFlagsElseTheVariablesElseTheConfigurations(@TempDir Path folder) throws IOException {
        int port = node.getAddress().getPort();
        String here = "http://127.0.0.1:" + port;
        String elsewhere = "http://127.0.0.1:1";
        Path file = Files.writeString(
                folder.resolve("s.yaml"), "admin:\n  host: 0.0.0.0\n  port: " + port + "\n  token: " + TOKEN + "\n");
        for (Map<String, String> environment : List.of(
                Map.of("SLUICE_ADMIN", here),
                Map.of("SLUICE_ADMIN_PORT", "" + port),
                Map.of("SLUICE_CONFIG", file.toString()))) {
            Ran ran = sluice(environment, "overflow", "status");
            assertEquals(new Ran(0, ran.out, ""), ran, "of " + environment);
        }
        assertEquals(0, sluice(Map.of(), "dead", "list", "--config=" + file).code);
        assertEquals(0, sluice(Map.of("SLUICE_ADMIN", elsewhere), "dead", "list", "--admin=" + here).code);
        String get = "GET /admin/overflow";
        String list = "GET /admin/dead-letters?limit=100";
        String bearer = " Bearer " + TOKEN;
        assertEquals(List.of(get, get, get + bearer, list + bearer, list), asked);
    }

    @Test
    void anAddressThatIsNoneIsSaidWithItsName() {
        Ran wrong = sluice(Map.of("SLUICE_ADMIN", "localhost:9090"), "overflow", "status");
        assertEquals(ExitCodes.USAGE, wrong.code);
        assertTrue(wrong.err.startsWith("sluice: SLUICE_ADMIN: 'localhost:9090' is not a URL such as"), wrong.err);
        Ran any = sluice(Map.of("SLUICE_ADMIN_PORT", "0"), "overflow", "status");
        assertEquals(ExitCodes.USAGE, any.code);
        assertTrue(any.err.contains("admin.port is 0") && any.err.contains("--admin"), any.err);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://h:0",
                "http://h:99999",
                "http://u:hush@h:9090",
                "http://h#f",
                "http://h?q",
                "http:// h",
                "http://sluice_node:9090",
                "9090"
            })
    void whatIsNoAddressIsUsageOnTheLineAndInTheVariable(String url) {
        for (Ran ran : List.of(
                sluice(Map.of(), "overflow", "status", "--admin=" + url),
                sluice(Map.of("SLUICE_ADMIN", url), "overflow", "status"),
                sluice(Map.of(), "order", "get", ID, "--url=" + url))) {
            assertEquals(ExitCodes.USAGE, ran.code, ran.err);
            assertTrue(ran.err.contains("is not a URL such as http://"), ran.err);
            assertFalse(ran.err.contains("hush"), ran.err);
            assertEquals(url.contains("_"), ran.err.contains("underscore"), ran.err);
        }
    }

    /** One that answers the head, and then nothing more, or more and more. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatDoesNotEndIsNotWaitedForForEver(boolean floods) throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Future<?> answering = one.submit(() -> answerWithoutEnd(listener, floods));
            NodeConnection endless = new NodeConnection(
                    URI.create("http://127.0.0.1:" + listener.getLocalPort()),
                    "admin listener",
                    "--admin",
                    () -> {
                        throw new AssertionError("this is no TLS");
                    },
                    floods ? Duration.ofMinutes(1) : Duration.ofMillis(300));
            CliException thrown =
                    assertThrows(CliException.class, () -> endless.send("GET", "/admin/overflow", Map.of(), ""));
            assertEquals(ExitCodes.DEPENDENCY_UNREACHABLE, thrown.exitCode());
            String why = floods ? "its answer is larger than 16 MiB" : "its answer was not whole within 0.3 s";
            assertTrue(String.valueOf(thrown.getMessage()).contains(why), thrown.getMessage());
            answering.get(30, TimeUnit.SECONDS);
        } finally {
            one.shutdownNow();
        }
    }

    private static Void answerWithoutEnd(ServerSocket listener, boolean floods) throws IOException {
        try (Socket client = listener.accept()) {
            OutputStream out = client.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
            byte[] blank = new byte[1 << 16];
            Arrays.fill(blank, (byte) ' ');
            while (floods) {
                out.write(blank);
            }
            while (client.getInputStream().read() >= 0) {
                out.flush(); // until the other side has enough
            }
        } catch (SocketException closed) {
            assertNotNull(closed.getMessage());
        }
        return null;
    }

    @Test
    void whatTheNodeRefusesIsOneAndItsOwnWords() {
        status = 404;
        body = "{\"code\":\"overflow_disabled\",\"detail\":\"this node has no overflow\"}";
        Ran ran = ask("overflow", "status");
        assertEquals(ExitCodes.FAILED, ran.code);
        assertTrue(ran.err.endsWith("says 404 overflow_disabled: this node has no overflow\n"), ran.err);
        status = 401;
        assertTrue(ask("dead", "list").err.contains("SLUICE_ADMIN_TOKEN"));
        for (String foreign : List.of("<html>", "{}", "[]", "null", "{\"code\":1}")) {
            body = foreign;
            status = 500;
            assertNoNode(ask("dead", "replay", ID));
        }
        body = "<html>";
        status = 200;
        assertNoNode(ask("overflow", "status"));
    }

    private static void assertNoNode(Ran ran) {
        assertEquals(ExitCodes.FAILED, ran.code);
        assertTrue(ran.err.contains("is no admin listener of Sluice"), ran.err);
    }

    @Test
    void aNodeThatCannotBeReachedIsFour() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Ran ran = sluice(Map.of(), "overflow", "status", "--admin=http://127.0.0.1:" + free);
        assertEquals(ExitCodes.DEPENDENCY_UNREACHABLE, ran.code);
        assertTrue(ran.err.startsWith("sluice: no node answers at http://127.0.0.1:" + free), ran.err);
        assertTrue(ran.err.lines().count() == 1, ran.err);
    }

    @Test
    void aLineThatIsWrongIsUsage() {
        assertEquals(ExitCodes.USAGE, ask("dead", "replay", "x").code);
        assertEquals(ExitCodes.USAGE, ask("dead", "discard").code);
        assertEquals(ExitCodes.USAGE, ask("dead", "list", "--limit=0").code);
        assertEquals(ExitCodes.USAGE, ask("dead", "list", "--limit=1001").code);
        for (String url : List.of("x", "ftp://h", "http://h/path", "http:// h")) {
            assertEquals(ExitCodes.USAGE, sluice(Map.of(), "overflow", "status", "--admin=" + url).code, url);
        }
        Ran nothing = sluice(Map.of(), "dead");
        assertEquals(ExitCodes.USAGE, nothing.code);
        assertTrue(nothing.err.contains("dead what? list, replay or discard"), nothing.err);
        assertTrue(sluice(Map.of(), "overflow").err.contains("overflow what? status"));
        assertEquals(List.of(), asked);
    }
}
