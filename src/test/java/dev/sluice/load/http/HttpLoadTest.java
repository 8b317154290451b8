package dev.sluice.load.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.load.LoadResult;
import dev.sluice.load.LoadResult.Counts;
import dev.sluice.load.LoadSettings;
import dev.sluice.rig.Await;
import dev.sluice.rig.SmallDisk;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator against servers that answer as no node would, or seldom. */
@Tag("contract")
class HttpLoadTest {

    private static final String ID = "1db3ef6c-15ce-820b-97d8-b7396807a414";
    private static final Pattern CLIENT_ORDER_ID = Pattern.compile("\"clientOrderId\":\"([^\"]+)\"");

    @TempDir
    Path folder;

    private static LoadSettings settings(Target target, double rate, int batch) {
        return new LoadSettings(target.toString(), 4, Duration.ZERO, Duration.ofMillis(400), rate, batch, 0, 0);
    }

    private static LoadResult run(HttpLoad.Options options) throws Exception {
        LoadResult result = HttpLoad.start(options).await(30_000);
        assertNotNull(result, "the run did not end");
        return result;
    }

    private static LoadResult run(BiConsumer<HttpServerRequest, String> handler, double rate, int batch)
            throws Exception {
        return run(handler, rate, batch, Duration.ofSeconds(10));
    }

    private static LoadResult run(
            BiConsumer<HttpServerRequest, String> handler, double rate, int batch, Duration timeout) throws Exception {
        try (StubServer server = new StubServer(handler)) {
            return run(new HttpLoad.Options(
                    server.target(), settings(server.target(), rate, batch), List.of(), timeout, null));
        }
    }

    private static void created(HttpServerRequest request) {
        request.response()
                .setStatusCode(201)
                .putHeader("Location", "/orders/" + ID)
                .end("{}");
    }

    @Test
    void aRateIsKept() throws Exception {
        LoadResult result = run((request, body) -> created(request), 500, 1);
        assertEquals(200, result.counts().offered());
        assertEquals(200, result.counts().committed());
        assertEquals(0, result.counts().errors());
        assertTrue(result.perSecond() <= 500 && result.perSecond() > 100, "of " + result.seconds() + " s");
        assertTrue(result.latency().max() >= result.latency().p50());
    }

    @Test
    void aConnectionThatEndsIsMadeAnew() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        LoadResult result = run(
                (request, body) -> {
                    if (requests.incrementAndGet() % 10 == 0) {
                        request.connection().close();
                    } else if (requests.get() % 10 == 5) {
                        request.response().putHeader("Connection", "close");
                        created(request);
                    } else {
                        created(request);
                    }
                },
                500,
                1);
        Counts counts = result.counts();
        assertEquals(200, counts.offered());
        assertEquals(20, counts.errors());
        assertEquals(180, counts.committed());
        assertEquals(20L, result.answers().get("lost"));
    }

    private LoadResult interrupted(BiConsumer<HttpServerRequest, String> handler, double rate, Duration warmup)
            throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (StubServer server = new StubServer((request, body) -> {
            requests.incrementAndGet();
            handler.accept(request, body);
        })) {
            LoadSettings endless =
                    new LoadSettings(server.target().toString(), 4, warmup, Duration.ofHours(1), rate, 1, 0, 0);
            HttpLoad load = HttpLoad.start(new HttpLoad.Options(
                    server.target(), endless, List.of(), Duration.ofMinutes(1), folder.resolve("history")));
            Await.until("some requests", () -> requests.get() >= 8);
            load.interrupt();
            LoadResult result = load.await(30_000);
            assertNotNull(result, "the run did not end");
            load.interrupt();
            return result;
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 100})
    void anInterruptedRunKeepsWhatRan(double rate) throws Exception {
        LoadResult result = interrupted((request, body) -> created(request), rate, Duration.ZERO);
        assertTrue(result.interrupted());
        assertTrue(result.counts().committed() >= 4, "and all that had left was awaited: " + result.counts());
        assertEquals(result.counts().offered(), result.counts().committed());
        assertTrue(result.seconds() > 0 && result.seconds() < 60, "of " + result.seconds() + " s");
        long sent = Files.readAllLines(folder.resolve("history")).stream()
                .filter(line -> line.startsWith("S "))
                .count();
        assertEquals(result.counts().offered(), sent, "the history is whole");
    }

    @Test
    void aWarmUpThatIsInterruptedMeasuredNothing() throws Exception {
        LoadResult result = interrupted((request, body) -> created(request), 100, Duration.ofHours(1));
        assertTrue(result.interrupted());
        assertEquals(0, result.counts().offered());
        assertEquals(0, result.seconds());
        assertEquals(List.of(), result.timeline());
    }

    /** Its own time-out is a minute; what is owed nothing more is not waited for. */
    @Test
    void anInterruptedRunDoesNotWaitForASilentServer() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        LoadResult result = interrupted(
                (request, body) -> {
                    if (answered.incrementAndGet() <= 8) {
                        created(request);
                    }
                },
                0,
                Duration.ZERO);
        assertTrue(result.interrupted());
        assertTrue(result.counts().errors() <= 4, result.counts().toString());
    }

    /** It is past its measured time already, and only waits for answers. */
    @Test
    void aRunThatWaitsForItsLastAnswersEndsEarlyToo() throws Exception {
        try (StubServer server = new StubServer((request, body) -> {})) {
            HttpLoad load = HttpLoad.start(new HttpLoad.Options(
                    server.target(), settings(server.target(), 0, 1), List.of(), Duration.ofHours(1), null));
            Await.until("the end of its time", () -> load.progress().elapsedSeconds() >= 0.4);
            load.interrupt();
            LoadResult result = load.await(30_000);
            assertNotNull(result, "the run did not end");
            assertEquals(4L, result.answers().get("timeout"));
        }
    }

    /** With several requests in a turn, lines reach the file before the turn ends. */
    @ParameterizedTest
    @ValueSource(ints = {1, 500})
    void aHistoryThatCannotBeWrittenEndsTheRun(int batch) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (SmallDisk disk = SmallDisk.mount(64);
                StubServer server = new StubServer((request, body) -> {
                    requests.incrementAndGet();
                    created(request);
                })) {
            LoadSettings endless =
                    new LoadSettings(server.target().toString(), 1, Duration.ZERO, Duration.ofHours(1), 0, batch, 0, 0);
            HttpLoad load = HttpLoad.start(new HttpLoad.Options(
                    server.target(),
                    endless,
                    List.of(),
                    Duration.ofHours(1),
                    disk.folder().resolve("history")));
            UncheckedIOException thrown = assertThrows(UncheckedIOException.class, () -> load.await(30_000));
            assertTrue(String.valueOf(thrown.getMessage()).contains("history cannot be written: No space left"));
            List<String> sent = Files.readAllLines(disk.folder().resolve("history")).stream()
                    .filter(line -> line.startsWith("S "))
                    .toList();
            assertTrue(
                    sent.size() >= requests.get() * batch, requests + " requests left, and " + sent.size() + " lines");
        }
    }

    /** A line of the history has five fields, whatever a server answers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orders/x",
                "/orders/1db3ef6c 15ce-820b-97d8-b7396807a414",
                "/orders/1db3ef6c-15ce-820b-97d8-b7396807a41g"
            })
    void anIdThatIsNoneIsNone(String location) throws Exception {
        Path history = folder.resolve("h");
        try (StubServer server = new StubServer((request, body) -> request.response()
                .setStatusCode(201)
                .putHeader("Location", location)
                .end("{}"))) {
            run(new HttpLoad.Options(
                    server.target(), settings(server.target(), 50, 1), List.of(), Duration.ofSeconds(5), history));
        }
        List<String> answers = Files.readAllLines(history).stream()
                .filter(line -> line.startsWith("A "))
                .toList();
        assertEquals(20, answers.size());
        assertTrue(answers.stream().allMatch(line -> line.matches("A \\d+ 201 - \\d{16}")), answers.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "1db3ef6c-15ce-820b-97d8-b7396807a41g", "\\ud800"})
    void anIdThatIsNoneInAResultLineIsNone(String id) throws Exception {
        Path history = folder.resolve("h");
        try (StubServer server = new StubServer((request, body) -> request.response()
                .setStatusCode(201)
                .end("{\"line\":1,\"status\":201,\"id\":\"" + id + "\"}\n{\"line\":2,\"status\":201}\n"))) {
            run(new HttpLoad.Options(
                    server.target(), settings(server.target(), 100, 2), List.of(), Duration.ofSeconds(5), history));
        }
        assertTrue(Files.readAllLines(history).stream()
                .filter(line -> line.startsWith("A "))
                .allMatch(line -> line.matches("A \\d+ 201 - \\d{16}")));
    }

    @Test
    void aSilentServerIsGivenUp() throws Exception {
        LoadResult result = run((request, body) -> {}, 0, 1, Duration.ofMillis(300));
        assertEquals(result.counts().offered(), result.counts().errors());
        assertEquals(result.counts().offered(), result.answers().get("timeout"));
        assertTrue(result.counts().offered() >= 4);
    }

    @Test
    void latencyCountsFromTheIntendedTime() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        LoadResult result;
        try (Stalling server = new Stalling(requests)) {
            LoadSettings one = new LoadSettings(
                    server.stub.target().toString(), 1, Duration.ZERO, Duration.ofMillis(400), 100, 1, 0, 0);
            result = run(new HttpLoad.Options(server.stub.target(), one, List.of(), Duration.ofSeconds(5), null));
        }
        assertEquals(40, result.counts().committed());
        assertTrue(result.counts().late() >= 15, "sends that waited for the connection: " + result.counts());
        assertTrue(result.latency().p90() > 100, "they have that wait in their latency: " + result.latency());
    }

    /** Answers at once, but the first one after 200 ms. */
    private static final class Stalling implements AutoCloseable {

        private StubServer stub;

        Stalling(AtomicInteger requests) throws Exception {
            stub = new StubServer((request, body) -> {
                if (requests.incrementAndGet() == 1) {
                    stub.vertx().setTimer(200, id -> created(request));
                } else {
                    created(request);
                }
            });
        }

        @Override
        public void close() {
            stub.close();
        }
    }

    @Test
    void aClosedRunWaitsWhenAskedTo() throws Exception {
        LoadResult result = run(
                (request, body) -> request.response()
                        .setStatusCode(503)
                        .putHeader("Retry-After", "1")
                        .end("{\"code\":\"not_stored\",\"status\":503}"),
                0,
                1);
        assertEquals(4, result.counts().offered());
        assertEquals(4L, result.answers().get("503:not_stored"));
        assertEquals(4, result.counts().errors());
    }

    @Test
    void batchesAreCountedByTheirLines() throws Exception {
        LoadResult result = run(
                (request, body) -> {
                    assertEquals("/orders/batch", request.path());
                    int lines = (int) body.lines().count();
                    String results = IntStream.range(0, lines - 1)
                            .mapToObj(i -> i % 2 == 0
                                    ? "{\"line\":" + (i + 1) + ",\"status\":201,\"id\":\"" + ID + "\"}\n"
                                    : "{\"line\":" + (i + 1) + ",\"status\":400,\"code\":\"invalid_order\"}\n")
                            .collect(Collectors.joining());
                    request.response().setStatusCode(207).end(results);
                },
                1_000,
                5);
        assertEquals(400, result.counts().offered());
        assertEquals(160, result.counts().committed());
        assertEquals(160L, result.answers().get("400:invalid_order"));
        assertEquals(80L, result.answers().get("unanswered"), "the last line of each batch");
    }

    @Test
    void aBatchRefusedWholeIsRefusedForEachOrder() throws Exception {
        LoadResult result = run(
                (request, body) ->
                        request.response().setStatusCode(400).end("{\"status\":400,\"code\":\"bad_request\"}"),
                1_000,
                10);
        assertEquals(400, result.counts().refused());
        assertEquals(400L, result.answers().get("400:bad_request"));
    }

    @Test
    void theHistoryIsWrittenBeforeTheRequestLeaves() throws Exception {
        Path history = folder.resolve("h");
        AtomicInteger missing = new AtomicInteger();
        try (StubServer server = new StubServer((request, body) -> {
            var id = CLIENT_ORDER_ID.matcher(body);
            if (!id.find() || !read(history).contains(" " + id.group(1) + " ")) {
                missing.incrementAndGet();
            }
            created(request);
        })) {
            LoadSettings few = settings(server.target(), 200, 1);
            HttpLoad.Options options =
                    new HttpLoad.Options(server.target(), few, List.of(), Duration.ofSeconds(1), history);
            run(options);
            assertThrows(FileAlreadyExistsException.class, () -> HttpLoad.start(options));
        }
        assertEquals(0, missing.get());
        assertEquals(
                80,
                Files.readAllLines(history).stream()
                        .filter(line -> line.startsWith("S "))
                        .count());
        assertEquals(
                80,
                Files.readAllLines(history).stream()
                        .filter(line -> line.matches("A \\d+ 201 " + ID + " \\d{16}"))
                        .count());
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRefusedConnectionEndsTheRunAtOnce() {
        Target refusing = new Target("127.0.0.1", 1, "");
        HttpLoad.Options options =
                new HttpLoad.Options(refusing, settings(refusing, 0, 1), List.of(), Duration.ofSeconds(1), null);
        assertThrows(ConnectException.class, () -> run(options));
    }

    @Test
    void aTargetIsAnHttpUri() {
        assertEquals(new Target("127.0.0.1", 8080, ""), Target.parse("http://127.0.0.1:8080"));
        assertEquals(new Target("h", 80, ""), Target.parse("http://h/orders"));
        assertEquals(new Target("::1", 81, "/base"), Target.parse("http://[::1]:81/base/"));
        assertEquals("[::1]:81", Target.parse("http://[::1]:81/base/").authority());
        assertEquals(new Target("sluice_node", 8080, ""), Target.parse("http://sluice_node:8080"));
        assertEquals(new Target("fe80::1%25eth0", 80, ""), Target.parse("http://[fe80::1%25eth0]"));
        for (String bad : List.of(
                "127.0.0.1:8080",
                "http://",
                "http:///orders",
                "http://u:p@h",
                "http://h?x=1",
                "http://h#x",
                "http://h:0",
                "http://h:65536",
                "http://h:99999999999",
                "http://h:x",
                "")) {
            assertThrows(IllegalArgumentException.class, () -> Target.parse(bad), bad);
        }
        assertEquals(new Target("h", 443, "", true), Target.parse("https://h/orders"));
        assertEquals("h", Target.parse("https://h:443").authority());
        assertEquals("h:80", Target.parse("https://h:80").authority());
        assertEquals("https://h:8443", Target.parse("https://h:8443").toString());
        assertFalse(Target.parse("http://h").toString().endsWith("/"));
    }
}
