package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** With {@code --json}, every verb that prints a result prints one JSON object on stdout and nothing else. */
@Tag("contract")
class JsonResultsTest {

    /** They print a banner, a script or help, no result; or one that tests of their own have: a cluster, or minutes of load. */
    private static final Set<String> WITHOUT_A_RESULT =
            Set.of("dev", "serve", "completion", "help", "load bus", "tune run");

    private static final String ID = "00000000-0000-0000-0000-000000000007";

    @TempDir
    static Path folder;

    private static HttpServer node;
    private static String url = "";
    private static String database = "";
    private static String keysFile = "";
    private static String keyId = "";

    @BeforeAll
    static void listen() throws IOException {
        database = TestPostgres.freshDatabase();
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Location", "/orders/" + ID);
            boolean order = exchange.getRequestURI().getPath().startsWith("/orders")
                    && exchange.getRequestMethod().equals("POST");
            exchange.sendResponseHeaders(order ? 201 : 200, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        node.start();
        url = "http://127.0.0.1:" + node.getAddress().getPort();
        keysFile = "--set=auth.keysFile=" + folder.resolve("keys");
        keyId = new JsonObject(sluice(List.of("key", "create", keysFile, "--json")).out).getString("keyId");
    }

    @AfterAll
    static void close() {
        node.stop(0);
    }

    /** What follows each verb, so that it has a result. */
    private static Map<String, List<String>> verbs() {
        String admin = "--admin=" + url;
        Map<String, List<String>> verbs = new LinkedHashMap<>();
        verbs.put("version", List.of());
        verbs.put("config check", List.of());
        verbs.put("config show", List.of());
        verbs.put("config schema", List.of());
        verbs.put("doctor", List.of("--http-port=0", "--admin-port=0", "--set=postgres.uri=" + database));
        verbs.put("db migrate", List.of("--set=postgres.uri=" + database));
        verbs.put(
                "load http",
                List.of(
                        "--url=" + url,
                        "--warmup=0s",
                        "--duration=100ms",
                        "--rate=50",
                        "--connections=1",
                        "--history=" + folder.resolve("history")));
        verbs.put("verify", List.of("--history=" + folder.resolve("sent"), "--postgres-uri=" + database));
        verbs.put("order submit", List.of(folder.resolve("order").toString(), "--url=" + url));
        verbs.put("order get", List.of(ID, "--url=" + url));
        verbs.put("key create", List.of(keysFile));
        verbs.put("key list", List.of(keysFile));
        verbs.put("key rotate", List.of(keyId, keysFile));
        verbs.put("key revoke", List.of(keyId, keysFile));
        verbs.put("cluster status", List.of(admin));
        verbs.put("overflow status", List.of(admin));
        verbs.put("dead list", List.of(admin));
        verbs.put("dead replay", List.of(ID, admin));
        verbs.put("dead discard", List.of(ID, admin));
        return verbs;
    }

    private record Ran(int code, String out, String err) {}

    private static Ran sluice(List<String> line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Sluice.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err))
                .execute(line.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    @TestFactory
    List<DynamicTest> everyResultIsOneObjectAndNothingElse() throws IOException {
        Files.writeString(
                folder.resolve("sent"), "S 1 t-0000000001 - 1\nA 1 400:invalid_order - 2\n", StandardCharsets.US_ASCII);
        Files.writeString(folder.resolve("order"), "{}");
        List<DynamicTest> tests = new ArrayList<>();
        verbs().forEach((verb, flags) -> tests.add(DynamicTest.dynamicTest(verb, () -> {
            List<String> line = new ArrayList<>(List.of(verb.split(" ")));
            line.addAll(flags);
            line.add("--json");
            Ran ran = sluice(line);
            assertInstanceOf(JsonObject.class, Json.decodeValue(ran.out), ran.out + ran.err);
            assertEquals("\n", ran.out.substring(ran.out.length() - 1), "it ends with its line");
            boolean invalid = ran.err.startsWith("sluice: invalid run");
            assertEquals(invalid ? 1 : 0, ran.code, ran.err);
            assertEquals("", invalid ? "" : ran.err);
        })));
        return tests;
    }

    @TestFactory
    List<DynamicTest> aFailureSaysNothingOnStdout() {
        return verbs().keySet().stream()
                .map(verb -> DynamicTest.dynamicTest(verb, () -> {
                    List<String> line = new ArrayList<>(List.of(verb.split(" ")));
                    line.addAll(List.of("--json", "--no-such-option"));
                    Ran ran = sluice(line);
                    assertEquals("", ran.out);
                    assertEquals(ExitCodes.USAGE, ran.code);
                    assertEquals(
                            "sluice: no such option '--no-such-option'",
                            ran.err.lines().findFirst().orElse(""));
                }))
                .toList();
    }

    @Test
    void everyVerbIsInTheTable() {
        Set<String> known = new TreeSet<>(verbs().keySet());
        known.addAll(WITHOUT_A_RESULT);
        Set<String> leaves = new TreeSet<>();
        leaves(
                Sluice.commandLine(Map.of(), new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())),
                "",
                leaves);
        assertEquals(leaves, known);
    }

    private static void leaves(CommandLine verb, String path, Set<String> leaves) {
        verb.getSubcommands().forEach((name, below) -> {
            if (below.getSubcommands().isEmpty()) {
                leaves.add(path + name);
            }
            leaves(below, path + name + " ", leaves);
        });
    }
}
