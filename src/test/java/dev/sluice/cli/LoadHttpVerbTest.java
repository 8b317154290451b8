package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.rig.Await;
import dev.sluice.rig.Commands;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice load http} against a listener that answers 201 to everything. */
@Tag("process")
@Timeout(120)
class LoadHttpVerbTest {

    private static final String ID = "1db3ef6c-15ce-820b-97d8-b7396807a414";

    @TempDir
    Path folder;

    private final AtomicInteger requests = new AtomicInteger();
    private final Queue<String> credentials = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer node;
    private String url = "";

    @BeforeEach
    void listen() throws IOException {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.setExecutor(threads);
        node.createContext("/", exchange -> {
            requests.incrementAndGet();
            credentials.add(
                    Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), ""));
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Location", "/orders/" + ID);
            exchange.sendResponseHeaders(201, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        node.start();
        url = "http://127.0.0.1:" + node.getAddress().getPort();
    }

    @AfterEach
    void close() {
        node.stop(0);
        threads.shutdownNow();
    }

    private record Ran(int code, String out, String err) {}

    private Ran load(String... flags) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> line = new ArrayList<>(List.of("load", "http", "--url=" + url, "--warmup=0s"));
        line.addAll(List.of(flags));
        int code = Sluice.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err))
                .execute(line.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, true, 0",
        "false, false, false, 99",
        "false, true, true, 1",
        "false, true, false, 1",
        "true, false, true, 130",
        "true, true, false, 130"
    })
    void anInvalidRunIsFailedWhateverItMissed(boolean interrupted, boolean invalid, boolean met, int code) {
        assertEquals(code, LoadRunVerb.exitCode(interrupted, invalid, met));
    }

    @Test
    void aMissedExpectationIsSaid() {
        Ran missed = load("--duration=200ms", "--rate=20", "--connections=1", "--expect=rate>=1000000");
        assertTrue(missed.err.contains("sluice: expected rate>=1000000, was "), missed.err);
        assertEquals(missed.err.contains("invalid run") ? 1 : 99, missed.code, missed.err);
    }

    @Test
    void whereItWritesIsLookedAtBeforeTheRun() throws IOException {
        Path taken = Files.createFile(folder.resolve("taken"));
        for (String file : List.of(
                "--report=" + folder,
                "--report=" + folder + "/no/r",
                "--history=" + folder + "/no/h",
                "--history=" + taken)) {
            Ran ran = load(file);
            assertEquals(ExitCodes.FAILED, ran.code, ran.err);
            assertTrue(ran.err.startsWith("sluice: ") && ran.err.contains("name another file"), ran.err);
            assertEquals(1, ran.err.lines().count(), ran.err);
        }
        assertEquals(0, requests.get(), "nothing was sent");
    }

    @Test
    void oneFileIsNotTwoResults() {
        Path file = folder.resolve("r");
        Ran ran = load("--report=" + file, "--history=" + folder.resolve("x/../r"));
        assertEquals(ExitCodes.USAGE, ran.code, ran.err);
        assertTrue(ran.err.startsWith("sluice: --report and --history are both "), ran.err);
        assertTrue(Files.notExists(file) && requests.get() == 0, "nothing was sent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hush",
                "Authorization=hush",
                "A B: hush",
                ": hush",
                "A: hush\r\nB: 1",
                "A: hush\u20ac",
                "Host: hush",
                "content-length: 5",
                "Transfer-Encoding: chunked",
                "CONTENT-TYPE: text/plain"
            })
    void aHeaderThatEveryServerWouldRefuseIsUsage(String line) {
        Ran ran = load("--duration=100ms", "--header", line);
        assertEquals(ExitCodes.USAGE, ran.code, ran.err);
        assertTrue(ran.err.startsWith("sluice: --header"), ran.err);
        assertFalse(ran.err.contains("hush"), ran.err);
        assertEquals(0, requests.get());
    }

    /** Other users see the arguments of a process. */
    @ParameterizedTest
    @CsvSource({
        "'', '', k1, Bearer k1",
        "--api-key, k2, k1, Bearer k2",
        "--header, Authorization: Basic x, k1, Basic x",
        "'', '', '', ''",
    })
    void theKeyComesFromTheEnvironmentToo(String option, String value, String variable, String expected) {
        List<String> line = new ArrayList<>(List.of(
                "load", "http", "--url=" + url, "--warmup=0s", "--duration=100ms", "--rate=20", "--connections=1"));
        if (!option.isEmpty()) {
            line.addAll(List.of(option, value));
        }
        PrintWriter to = new PrintWriter(new StringWriter());
        Sluice.commandLine(Map.of("SLUICE_API_KEY", variable), to, to).execute(line.toArray(String[]::new));
        assertEquals(List.of(expected), credentials.stream().distinct().toList());
    }

    @Test
    void aKeyThatNoHeaderCarriesIsUsage() {
        Ran ran = load("--duration=100ms", "--api-key=hush\r\nX: y");
        assertEquals(ExitCodes.USAGE, ran.code, ran.err);
        assertFalse(ran.err.contains("hush"), ran.err);
    }

    /** The next run has the name that was given. */
    @Test
    void aRunThatSentNothingLeavesNoHistory() {
        Path history = folder.resolve("h");
        StringWriter err = new StringWriter();
        PrintWriter to = new PrintWriter(err);
        String[] refused = {"load", "http", "--url=http://127.0.0.1:1", "--history=" + history};
        assertEquals(
                ExitCodes.DEPENDENCY_UNREACHABLE,
                Sluice.commandLine(Map.of(), to, to).execute(refused));
        assertTrue(Files.notExists(history), err.toString());
        Ran ran = load("--duration=100ms", "--rate=20", "--connections=1", "--history=" + history);
        assertTrue(ran.err.isEmpty() || ran.err.contains("invalid run"), ran.err);
        assertTrue(Files.exists(history));
    }

    /** What a report says of the node is the least of it. */
    @ParameterizedTest
    @ValueSource(strings = {"SLUICE_ADMIN=nonsense", "SLUICE_ADMIN_PORT=0", "SLUICE_LOG_LEVEL=loud"})
    void aConfigurationThatIsNoneCostsNoReport(String variable) throws IOException {
        Path report = folder.resolve("r.html");
        StringWriter err = new StringWriter();
        PrintWriter to = new PrintWriter(err);
        String[] pair = variable.split("=", 2);
        String[] line = {
            "load", "http", "--url=" + url, "--warmup=0s", "--duration=100ms", "--connections=1", "--report=" + report
        };
        int code = Sluice.commandLine(Map.of(pair[0], pair[1]), to, to).execute(line);
        assertEquals(err.toString().contains("invalid run") ? 1 : 0, code, err.toString());
        assertTrue(Files.readString(report).contains("<dt>node</dt><dd>not known: "), err.toString());
    }

    @Test
    void theReportHasTheCommandWithoutItsSecrets() throws IOException {
        Path report = folder.resolve("r.html");
        Ran ran = load(
                "--duration=200ms",
                "--rate=10",
                "--report=" + report,
                "--header",
                "Authorization: hush1",
                "--token=hush2",
                "--header=X: hush3");
        assertTrue(ran.err.isEmpty() || ran.err.contains("invalid run"), ran.err);
        String page = Files.readString(report);
        assertTrue(page.contains("--header *** --token=*** --header=***"), page);
        assertFalse(page.contains("hush"), page);
        assertTrue(page.contains("<dt>node</dt><dd>not known: "), page);
    }

    /** Its summary, history and report are those of a run that ended there. */
    @Test
    void aSignalEndsARunInOrder() throws Exception {
        Path report = folder.resolve("r.html");
        Path history = folder.resolve("h");
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sluice.class.getName(),
                        "load",
                        "http",
                        "--url=" + url,
                        "--warmup=0s",
                        "--duration=1h",
                        "--rate=50",
                        "--connections=2",
                        "--json",
                        "--history=" + history,
                        "--report=" + report)
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            Await.until("some requests", () -> requests.get() >= 5);
            Commands.signal("TERM", List.of(run.pid()));
            JsonObject result = new JsonObject(new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertTrue(run.waitFor(60, TimeUnit.SECONDS));
            assertEquals(ExitCodes.INTERRUPTED, run.exitValue());
            assertTrue(result.getBoolean("interrupted"));
            int offered = result.getJsonObject("counts").getInteger("offered");
            assertTrue(offered >= 5, result.encode());
            assertEquals(2L * offered, Files.readAllLines(history).size(), "every order and its answer");
            assertTrue(Files.readString(report).contains("Interrupted: "));
        } finally {
            run.destroyForcibly();
        }
    }
}
