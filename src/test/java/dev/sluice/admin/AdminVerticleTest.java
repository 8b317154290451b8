package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.AdminConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.metrics.OrderOutcome;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real HTTP, with a client that shares nothing with Vert.x. */
@Tag("contract")
@Timeout(30)
class AdminVerticleTest {

    private final HttpClient client = HttpClient.newHttpClient();
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
        AdminConfig config = TestConfig.of("admin.port=" + wantedPort, "admin.token=" + token)
                .admin();
        AdminVerticle admin = new AdminVerticle(
                config, new NodeView("1.2.3", List.of(), new FakeInstances()), metrics, readiness, loops);
        vertx.deployVerticle(admin).await(10, TimeUnit.SECONDS);
        return admin.actualPort();
    }

    @Test
    void healthIsGoodWhileLoopsAnswer() throws Exception {
        loops.watch("intake", Runnable::run);
        HttpResponse<String> answer = get("/healthz");
        assertEquals(200, answer.statusCode());
        assertEquals("application/json", header(answer, "Content-Type"));
        assertTrue(new JsonObject(answer.body()).getBoolean("healthy"));
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
            while (get("/healthz").statusCode() != 200) {
                Thread.onSpinWait();
            }
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
        HttpResponse<String> ready = get("/readyz");
        assertEquals(200, ready.statusCode());
        assertTrue(new JsonObject(ready.body()).getBoolean("ready"));
    }

    @Test
    void drainingFailsReadinessNotHealth() throws Exception {
        readiness.drain();
        assertProblem(get("/readyz"), 503, "not_ready");
        assertEquals(200, get("/healthz").statusCode());
    }

    @Test
    void metricsAreText() throws Exception {
        metrics.orders().of(OrderOutcome.COMMITTED).add(7);
        HttpResponse<String> answer = get("/metrics");
        assertEquals(200, answer.statusCode());
        assertEquals(Metrics.CONTENT_TYPE, header(answer, "Content-Type"));
        assertTrue(answer.body().contains("sluice_orders_total{outcome=\"committed\"} 7.0\n"));
    }

    @Test
    void versionSaysWhatRuns() throws Exception {
        assertEquals("1.2.3", new JsonObject(get("/version").body()).getString("version"));
    }

    @Test
    void headAnswersWithoutABody() throws Exception {
        HttpResponse<String> answer = send("HEAD", port, "/healthz", null);
        assertEquals(200, answer.statusCode());
        assertEquals("", answer.body());
    }

    @Test
    void anotherMethodIsToldWhatIsAllowed() throws Exception {
        HttpResponse<String> answer = send("POST", port, "/metrics", null);
        assertProblem(answer, 405, "method_not_allowed");
        assertEquals("GET, HEAD", header(answer, "Allow"));
    }

    @Test
    void anUnknownPathIsAProblem() throws Exception {
        assertProblem(get("/nothing"), 404, "not_found");
        assertProblem(get("/"), 404, "not_found");
    }

    @Test
    void aTokenGuardsAllButTheProbes() throws Exception {
        int guarded = deploy(0, "secret");
        HttpResponse<String> answer = send("GET", guarded, "/metrics", null);
        assertProblem(answer, 401, "unauthorized");
        assertTrue(header(answer, "WWW-Authenticate").startsWith("Bearer"));
        assertProblem(send("GET", guarded, "/version", "Bearer wrong"), 401, "unauthorized");
        assertEquals(200, send("GET", guarded, "/metrics", "Bearer secret").statusCode());
        assertEquals(200, send("GET", guarded, "/version", "Bearer secret").statusCode());
        assertEquals(200, send("GET", guarded, "/healthz", null).statusCode());
        assertEquals(200, send("GET", guarded, "/readyz", null).statusCode());
    }

    @Test
    void aTakenPortFailsTheDeployment() {
        assertInstanceOf(BindException.class, assertThrows(Exception.class, () -> deploy(port, "")));
    }

    @Test
    void headersAreBounded() throws Exception {
        assertEquals("HTTP/1.1 200", statusWithHeaderBytes(AdminVerticle.HEADER_BYTES_MAX - 200));
        assertEquals("HTTP/1.1 431", statusWithHeaderBytes(AdminVerticle.HEADER_BYTES_MAX + 1));
    }

    private String statusWithHeaderBytes(int bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String head = "GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(bytes) + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void connectionsAreBounded() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < AdminVerticle.CONNECTIONS_MAX; i++) {
                open.add(new Socket(InetAddress.getLoopbackAddress(), port));
                assertTrue(answers(open.get(i)), "connection " + (i + 1));
            }
            open.add(new Socket(InetAddress.getLoopbackAddress(), port));
            assertFalse(answers(open.get(AdminVerticle.CONNECTIONS_MAX)));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        while (!answersOnce()) {
            Thread.onSpinWait();
        }
    }

    private boolean answersOnce() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return answers(socket);
        }
    }

    /** False where the other side closed or reset instead. */
    private static boolean answers(Socket socket) {
        try {
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return in.read() == 'H';
        } catch (IOException reset) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", port, path, null);
    }

    private HttpResponse<String> send(String method, int to, String path, @Nullable String authorization)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject assertProblem(HttpResponse<String> answer, int status, String code) {
        assertEquals(status, answer.statusCode());
        assertEquals("application/problem+json", header(answer, "Content-Type"));
        JsonObject problem = new JsonObject(answer.body());
        assertEquals(status, problem.getInteger("status"));
        assertEquals(code, problem.getString("code"));
        assertFalse(problem.getString("title").isEmpty());
        assertFalse(problem.getString("detail").isEmpty());
        return problem;
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
