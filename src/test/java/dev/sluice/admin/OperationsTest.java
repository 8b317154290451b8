package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.admin.LiveInstances.Kind;
import dev.sluice.config.ConfigLoader;
import dev.sluice.config.ConfigSources;
import dev.sluice.config.Schema;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
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

    private static SluiceConfig config(String token) {
        return TestConfig.of("admin.port=0", "admin.token=" + token);
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
        Reply answer = send("GET", "/admin/config", "");
        JsonObject config = answer.json();
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
            assertEquals(401, send("GET", path, "").status());
        }
        assertEquals(401, send("PATCH", VERTICLES, "{\"http\":4}").status());
        assertEquals(List.of(), instances.changes);
    }

    @Test
    void verticlesShowWhatIsConfiguredAndWhatRuns() throws Exception {
        JsonObject state = send("GET", VERTICLES, "").json();
        JsonObject http = state.getJsonObject("http");
        assertEquals("auto", http.getString("configured"));
        assertEquals(2, http.getInteger("configuredCount"));
        assertEquals(2, http.getInteger("runningCount"));
        JsonObject second = http.getJsonArray("running").getJsonObject(1);
        assertEquals(
                new JsonObject().put("instance", "1").put("eventLoop", "loop-1").put("connections", 7), second);
        JsonObject writer = state.getJsonObject("writer");
        assertNull(writer.getJsonArray("running").getJsonObject(0).getValue("connections"));
        assertEquals(
                new JsonObject().put("verticle", "lookup").put("eventLoop", "loop-9"),
                state.getJsonArray("others").getJsonObject(0));
        assertTrue(state.getJsonArray("eventLoops") != null);
    }

    @Test
    void aPatchChangesWhatItNamesAndAnswersTheNewState() throws Exception {
        Reply answer = send("PATCH", VERTICLES, "{\"http\":4}");
        assertEquals(200, answer.status(), answer.body());
        assertEquals(4, answer.json().getJsonObject("http").getInteger("runningCount"));
        assertEquals(
                200, send("PATCH", VERTICLES, " {\"writer\":256,\"http\":1}\n").status());
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
        Reply answer = send("PATCH", VERTICLES, body);
        assertEquals(400, answer.status(), answer.body());
        JsonObject problem = answer.json();
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
    void whereOtherNodesCanDoItsWorkNoneIsANumber() throws Exception {
        instances.least = 0;
        assertEquals(200, send("PATCH", VERTICLES, "{\"http\":0}").status());
        assertEquals(400, send("PATCH", VERTICLES, "{\"http\":-1}").status());
        assertEquals(List.of(Map.of(Kind.HTTP, 0)), instances.changes);
    }

    @Test
    void numbersThatDoNotGoTogetherAreRefused() throws Exception {
        instances.objection = "the node would do nothing";
        Reply answer = send("PATCH", VERTICLES, "{\"http\":2}");
        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("the node would do nothing"), answer.body());
        assertEquals(List.of(), instances.changes);
    }

    @Test
    void whatHindersAChangeIsSaid() throws Exception {
        instances.nextFailure = new LiveInstances.Busy("another change is under way");
        Reply busy = send("PATCH", VERTICLES, "{\"http\":4}");
        assertEquals(409, busy.status());
        assertEquals("change_in_progress", busy.json().getString("code"));
        instances.nextFailure = new IllegalStateException("no more connections");
        Reply failed = send("PATCH", VERTICLES, "{\"http\":4}");
        assertEquals(503, failed.status());
        assertTrue(failed.body().contains("no more connections"));
    }

    @Test
    void anotherMethodIsToldWhatIsAllowed() throws Exception {
        Reply answer = send("PUT", VERTICLES, "{}");
        assertEquals(405, answer.status());
        assertEquals("GET, HEAD, PATCH", answer.header("Allow"));
    }

    @ParameterizedTest
    @CsvSource({"1023, 400", "1024, 400", "1025, 413"})
    void bodiesAreBounded(int bytes, int status) throws Exception {
        assertEquals(status, send("PATCH", VERTICLES, " ".repeat(bytes)).status());
    }

    @Test
    void aBodyThatTricklesLosesItsConnection() throws Exception {
        long began = System.nanoTime();
        try (HttpSocket socket = new HttpSocket(port)) {
            socket.send("PATCH /admin/verticles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n");
            while (!socket.isAnswered()) {
                socket.send(" ");
                Await.pause("a body that trickles", 100);
            }
            assertEquals(408, socket.read().status());
            assertTrue(socket.isGone(), "loses its connection");
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertTrue(tookMs >= Operations.BODY_DEADLINE_MS && tookMs < Operations.BODY_DEADLINE_MS * 2, tookMs + " ms");
        assertEquals(List.of(), instances.changes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"100-continue", "100-Continue", "x, 100-continue"})
    void aClientThatAsksFirstIsToldToSendItsBody(String expectation) throws Exception {
        String body = "{\"http\":4}";
        try (HttpSocket socket = new HttpSocket(port)) {
            socket.send("PATCH /admin/verticles HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                    + "\r\nExpect: " + expectation + "\r\n\r\n");
            assertEquals(100, socket.read().status());
            assertEquals(200, socket.send(body).read().status());
        }
        assertEquals(List.of(Map.of(Kind.HTTP, 4)), instances.changes);
    }

    private Reply send(String method, String path, String body) {
        try (OrderClient client = new OrderClient(port)) {
            return client.send(method, path, null, body.getBytes(StandardCharsets.UTF_8));
        }
    }
}
