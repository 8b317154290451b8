package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Counters;
import dev.sluice.metrics.Metrics;
import dev.sluice.metrics.OrderOutcome;
import dev.sluice.rig.Await;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real HTTP, with a client that shares nothing with Vert.x. */
@Tag("contract")
@Timeout(30)
class AdminVerticleTest {

    private final AtomicLong clockNanos = new AtomicLong();
    private final LoopPulse loops = new LoopPulse(clockNanos::get);
    private final Readiness readiness = new Readiness();
    private final Metrics metrics = Metrics.on("1.2.3");
    private final Vertx vertx = AdminVerticle.ownVertx();

    private int port;

    @BeforeEach
    void listen() throws Exception {
        port = deploy(0, "");
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
        metrics.close();
    }

    private int deploy(int wantedPort, String token) throws Exception {
        return deploy(TestConfig.of("admin.port=" + wantedPort, "admin.token=" + token));
    }

    private int deploy(SluiceConfig config) throws Exception {
        AdminVerticle admin = new AdminVerticle(
                config, new NodeView("1.2.3", List.of(), new FakeInstances()), metrics, readiness, loops);
        vertx.deployVerticle(admin).await(10, TimeUnit.SECONDS);
        return admin.actualPort();
    }

    @Test
    void healthIsGoodWhileLoopsAnswer() throws Exception {
        loops.watch("intake", Runnable::run);
        Reply answer = get("/healthz");
        assertEquals(200, answer.status());
        assertEquals("application/json", answer.header("Content-Type"));
        assertTrue(answer.json().getBoolean("healthy"));
    }

    @Test
    void healthFailsWhenALoopIsBlockedAndNamesIt() throws Exception {
        loops.watch("intake", task -> {});
        loops.ping();
        clockNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(LoopPulse.BLOCKED_MS + 1));
        JsonObject problem = assertProblem(get("/healthz"), 503, "event_loop_blocked");
        assertEquals(
                new JsonObject().put("loop", "intake").put("waitingMs", LoopPulse.BLOCKED_MS + 1),
                problem.getJsonArray("loops").getJsonObject(0));
    }

    @Test
    void aBlockedIntakeDoesNotSilenceHealth() throws Exception {
        Vertx intake = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        try {
            loops.watchLoopsOf(intake);
            intake.runOnContext(v -> block(blocked, release));
            assertTrue(blocked.await(10, TimeUnit.SECONDS));
            loops.ping();
            clockNanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
            assertProblem(get("/healthz"), 503, "event_loop_blocked");

            release.countDown();
            Await.until("health", () -> get("/healthz").status() == 200);
        } finally {
            release.countDown();
            intake.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static void block(CountDownLatch blocked, CountDownLatch release) {
        blocked.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theVerticlePingsOnItsOwn() throws Exception {
        CountDownLatch pinged = new CountDownLatch(2);
        loops.watch("intake", task -> {
            pinged.countDown();
            task.run();
        });
        assertTrue(pinged.await(10, TimeUnit.SECONDS));
    }

    @Test
    void readinessListsItsChecks() throws Exception {
        readiness.condition("postgres").fails("connection refused");
        JsonObject problem = assertProblem(get("/readyz"), 503, "not_ready");
        assertFalse(problem.getBoolean("ready"));
        assertEquals(
                new JsonObject().put("name", "postgres").put("ok", false).put("detail", "connection refused"),
                problem.getJsonArray("checks").getJsonObject(1));

        readiness.condition("postgres").holds();
        Reply ready = get("/readyz");
        assertEquals(200, ready.status());
        assertTrue(ready.json().getBoolean("ready"));
    }

    @Test
    void drainingFailsReadinessNotHealth() throws Exception {
        readiness.drain();
        assertProblem(get("/readyz"), 503, "not_ready");
        assertEquals(200, get("/healthz").status());
    }

    @Test
    void metricsAreText() throws Exception {
        metrics.orders().of(OrderOutcome.COMMITTED).add(7);
        Reply answer = get("/metrics");
        assertEquals(200, answer.status());
        assertEquals(Metrics.CONTENT_TYPE, answer.header("Content-Type"));
        assertTrue(answer.body().contains("sluice_orders_total{outcome=\"committed\"} 7.0\n"));
    }

    @Test
    void versionSaysWhatRuns() throws Exception {
        assertEquals("1.2.3", get("/version").json().getString("version"));
    }

    @Test
    void headAnswersWithoutABody() throws Exception {
        Reply answer = send("HEAD", port, "/healthz");
        assertEquals(200, answer.status());
        assertEquals("", answer.body());
    }

    @Test
    void anotherMethodIsToldWhatIsAllowed() throws Exception {
        Reply answer = send("POST", port, "/metrics");
        assertProblem(answer, 405, "method_not_allowed");
        assertEquals("GET, HEAD", answer.header("Allow"));
    }

    @Test
    void anUnknownPathIsAProblem() throws Exception {
        assertProblem(get("/nothing"), 404, "not_found");
        assertProblem(get("//healthz"), 404, "not_found");
        assertProblem(get("/healthz/"), 404, "not_found");
        assertProblem(get("/%68ealthz"), 404, "not_found");
    }

    @Test
    void aTokenGuardsAllButTheProbes() throws Exception {
        int guarded = deploy(0, "secret");
        Reply answer = send("GET", guarded, "/metrics");
        assertProblem(answer, 401, "unauthenticated");
        assertTrue(answer.header("WWW-Authenticate").startsWith("Bearer"));
        assertProblem(send("GET", guarded, "/version", "Authorization: Bearer wrong"), 401, "invalid_token");
        assertEquals(
                200,
                send("GET", guarded, "/metrics", "Authorization: Bearer secret").status());
        assertEquals(
                200,
                send("GET", guarded, "/version", "Authorization: Bearer secret").status());
        assertEquals(200, send("GET", guarded, "/healthz").status());
        assertEquals(200, send("GET", guarded, "/readyz").status());
    }

    @Test
    void aTakenPortFailsTheDeployment() {
        assertInstanceOf(BindException.class, assertThrows(Exception.class, () -> deploy(port, "")));
    }

    @Test
    void headersAreBounded() throws Exception {
        assertEquals(200, statusWithHeaderBytes(AdminVerticle.HEADER_BYTES_MAX - 200));
        assertEquals(431, statusWithHeaderBytes(AdminVerticle.HEADER_BYTES_MAX + 1));
    }

    private int statusWithHeaderBytes(int bytes) {
        return send("GET", port, "/healthz", "X: " + "x".repeat(bytes)).status();
    }

    @Test
    void whereConnectionsRunOutTheOneThatIsIdleLongestGivesWayToAProbe() throws Exception {
        List<OrderClient> open = new ArrayList<>();
        try {
            for (int i = 0; i < AdminVerticle.CONNECTIONS_MAX; i++) {
                open.add(new OrderClient(port));
                assertEquals(200, open.get(i).get("/healthz").status(), "connection " + (i + 1));
            }
            assertEquals(200, get("/healthz").status());
            assertThrows(UncheckedIOException.class, () -> open.get(0).get("/healthz"), "closed or reset");
            assertEquals(200, open.get(1).get("/healthz").status());
        } finally {
            open.forEach(OrderClient::close);
        }
        Await.until("room again", this::isServed);
    }

    /** Each leaves as its client takes it: whole, twenty of them are more than 16 MiB. */
    @Test
    void longAnswersWaitForClientsThatDoNotRead() throws Exception {
        int slow = deploy(TestConfig.of("admin.port=0", "http.deadlineMs=2000"));
        byte[] page = "GET /docs/swagger-ui-bundle-5.34.1.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket client = new Socket();
                clients.add(client);
                client.setReceiveBufferSize(8 * 1024);
                client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), slow));
                client.getOutputStream().write(page);
            }
            Counters<Bound> cut = metrics.refused();
            Await.until("those that read nothing are cut", () -> count(cut) >= clients.size());
            assertEquals(0, cut.of(Bound.UNREAD_BYTES).total(), "more than 16 MiB waited for them");
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static long count(Counters<Bound> cut) {
        return cut.of(Bound.ANSWER_UNREAD).total() + cut.of(Bound.UNREAD_BYTES).total();
    }

    @Test
    void longAnswersComeWhole() throws Exception {
        Reply page = get("/docs/swagger-ui-bundle-5.34.1.js");
        assertEquals(
                Integer.parseInt(page.header("content-length")), page.body().getBytes(StandardCharsets.UTF_8).length);
        assertEquals("", send("HEAD", port, "/docs/swagger-ui-bundle-5.34.1.js").body());
        try (OrderClient client = new OrderClient(port)) {
            assertEquals(
                    page.body(), client.get("/docs/swagger-ui-bundle-5.34.1.js").body());
            assertEquals(200, client.get("/healthz").status(), "the connection goes on");
        }
    }

    private boolean isServed() {
        try {
            return get("/healthz").status() == 200;
        } catch (UncheckedIOException closedOrReset) {
            return false;
        }
    }

    private Reply get(String path) {
        return send("GET", port, path);
    }

    private static Reply send(String method, int to, String path, String... headers) {
        try (OrderClient client = new OrderClient(to)) {
            return client.send(method, path, null, new byte[0], headers);
        }
    }

    private static JsonObject assertProblem(Reply answer, int status, String code) {
        assertEquals(status, answer.status());
        assertEquals("application/problem+json", answer.header("Content-Type"));
        JsonObject problem = answer.json();
        assertEquals(status, problem.getInteger("status"));
        assertEquals(code, problem.getString("code"));
        assertFalse(problem.getString("title").isEmpty());
        assertFalse(problem.getString("detail").isEmpty());
        return problem;
    }
}
