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

/** {@code sluice load http} against a listener that answers 201 to everything. */
@Tag("process")
@Timeout(120)
class LoadHttpVerbTest {

    private static final String ID = "1db3ef6c-15ce-820b-97d8-b7396807a414";

    @TempDir
    Path folder;

    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer node;
    private String url = "";

    @BeforeEach
    void listen() throws IOException {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.setExecutor(threads);
        node.createContext("/", exchange -> {
            requests.incrementAndGet();
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
