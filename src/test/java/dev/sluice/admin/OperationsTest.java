package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.admin.LiveInstances.Kind;
import dev.sluice.config.AdminConfig;
import dev.sluice.config.ConfigLoader;
import dev.sluice.config.ConfigSources;
import dev.sluice.config.Schema;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /admin/config} and {@code /admin/verticles}, over real HTTP. */
@Tag("contract")
@Timeout(30)
class OperationsTest {

    private static final String VERTICLES = "/admin/verticles";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Metrics metrics = Metrics.on("1.2.3");
    private final Vertx vertx = AdminVerticle.ownVertx();
    private final FakeInstances instances = new FakeInstances();

    private int port;

    @BeforeEach
    void listen() throws Exception {
        port = deploy("");
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
        metrics.close();
    }

    private static AdminConfig config(String token) {
        return TestConfig.of("admin.port=0", "admin.token=" + token).admin();
    }

    private int deploy(String token) throws Exception {
        var settings = ConfigLoader.load(ConfigSources.ofSets(
                        "admin.token=hush", "postgres.uri=postgresql://u:hush@h/db", "http.port=1"))
                .settings();
        AdminVerticle admin = new AdminVerticle(
                config(token),
                new NodeView("1.2.3", settings, instances),
                metrics,
                new Readiness(),
                new LoopPulse(System::nanoTime));
        vertx.deployVerticle(admin).await(10, TimeUnit.SECONDS);
        return admin.actualPort();
    }

    @Test
    void configShowsEveryKeyWithItsOriginAndNoSecret() throws Exception {
        HttpResponse<String> answer = send("GET", "/admin/config", "");
        JsonObject config = new JsonObject(answer.body());
        assertEquals(Schema.keys().size(), config.size());
        assertEquals(new JsonObject().put("value", 1).put("origin", "--set"), config.getJsonObject("http.port"));
        assertEquals("default", config.getJsonObject("writer.batchMax").getString("origin"));
        assertEquals("***", config.getJsonObject("admin.token").getString("value"));
        assertEquals(
                "postgresql://u:***@h/db", config.getJsonObject("postgres.uri").getString("value"));
        assertFalse(answer.body().contains("hush"));
    }

    @Test
    void aTokenGuardsThem() throws Exception {
        port = deploy("secret");
        for (String path : List.of("/admin/config", VERTICLES)) {
            assertEquals(401, send("GET", path, "").statusCode());
        }
        assertEquals(401, send("PATCH", VERTICLES, "{\"http\":4}").statusCode());
        assertEquals(List.of(), instances.changes);
    }

    @Test
    void verticlesShowWhatIsConfiguredAndWhatRuns() throws Exception {
        JsonObject state = new JsonObject(send("GET", VERTICLES, "").body());
        JsonObject http = state.getJsonObject("http");
        assertEquals("auto", http.getString("configured"));
        assertEquals(2, http.getInteger("configuredCount"));
        assertEquals(2, http.getInteger("runningCount"));
        JsonObject second = http.getJsonArray("running").getJsonObject(1);
        assertEquals(
                new JsonObject().put("instance", "1").put("eventLoop", "loop-1").put("connections", 7), second);
        JsonObject writer = state.getJsonObject("writer");
        assertNull(writer.getJsonArray("running").getJsonObject(0).getValue("connections"));
        assertTrue(state.getJsonArray("eventLoops") != null);
    }

    @Test
    void aPatchChangesWhatItNamesAndAnswersTheNewState() throws Exception {
        HttpResponse<String> answer = send("PATCH", VERTICLES, "{\"http\":4}");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(4, new JsonObject(answer.body()).getJsonObject("http").getInteger("runningCount"));
        assertEquals(
                200, send("PATCH", VERTICLES, " {\"writer\":256,\"http\":1}\n").statusCode());
        assertEquals(List.of(Map.of(Kind.HTTP, 4), Map.of(Kind.HTTP, 1, Kind.WRITER, 256)), instances.changes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "4",
                "null",
                "{\"http\":4}{}",
                "{\"http\":4} x",
                "{\"http\":4,}",
                "{\"http\":0}",
                "{\"http\":-1}",
                "{\"http\":257}",
                "{\"http\":\"4\"}",
                "{\"http\":4.0}",
                "{\"http\":null}",
                "{\"http\":true}",
                "{\"http\":[4]}",
                "{\"http\":{\"a\":1}}",
                "{\"http\":99999999999999999999}",
                "{\"http\":4,\"http\":4}",
                "{\"htpp\":4}",
                "{\"http\":4,\"drain\":1}",
                "{\"HTTP\":4}",
                "{'http':4}"
            })
    void anythingElseIsRefusedAndChangesNothing(String body) throws Exception {
        HttpResponse<String> answer = send("PATCH", VERTICLES, body);
        assertEquals(400, answer.statusCode(), answer.body());
        JsonObject problem = new JsonObject(answer.body());
        assertEquals("invalid_instances", problem.getString("code"));
        assertFalse(problem.getJsonArray("errors").isEmpty());
        assertEquals(List.of(), instances.changes);
    }

    @Test
    void everyFaultIsNamedAtOnce() throws Exception {
        JsonObject problem = new JsonObject(
                send("PATCH", VERTICLES, "{\"http\":0,\"a/b\":1}").body());
        assertEquals(
                List.of("/http: must be a whole number, 1..256", "/a~1b: is not known; there are http and writer"),
                problem.getJsonArray("errors").stream()
                        .map(JsonObject.class::cast)
                        .map(error -> error.getString("pointer") + ": " + error.getString("detail"))
                        .toList());
    }

    @Test
    void whatHindersAChangeIsSaid() throws Exception {
        instances.nextFailure = new LiveInstances.Busy("another change is under way");
        HttpResponse<String> busy = send("PATCH", VERTICLES, "{\"http\":4}");
        assertEquals(409, busy.statusCode());
        assertEquals("change_in_progress", new JsonObject(busy.body()).getString("code"));
        instances.nextFailure = new IllegalStateException("no more connections");
        HttpResponse<String> failed = send("PATCH", VERTICLES, "{\"http\":4}");
        assertEquals(503, failed.statusCode());
        assertTrue(failed.body().contains("no more connections"));
    }

    @Test
    void anotherMethodIsToldWhatIsAllowed() throws Exception {
        HttpResponse<String> answer = send("PUT", VERTICLES, "{}");
        assertEquals(405, answer.statusCode());
        assertEquals("GET, HEAD, PATCH", answer.headers().firstValue("Allow").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"1023, 400", "1024, 400", "1025, 413"})
    void bodiesAreBounded(int bytes, int status) throws Exception {
        assertEquals(status, send("PATCH", VERTICLES, " ".repeat(bytes)).statusCode());
    }

    @Test
    void aBodyThatTricklesLosesItsConnection() throws Exception {
        long began = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String head = "PATCH /admin/verticles HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String answer = answerWhileTrickling(socket);
            assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertTrue(tookMs >= Operations.BODY_DEADLINE_MS && tookMs < Operations.BODY_DEADLINE_MS * 2, tookMs + " ms");
        assertEquals(List.of(), instances.changes);
    }

    /** What came until the other side ended. */
    private static String answerWhileTrickling(Socket socket) throws IOException, InterruptedException {
        while (socket.getInputStream().available() == 0) {
            socket.getOutputStream().write(' ');
            Thread.sleep(100);
        }
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
