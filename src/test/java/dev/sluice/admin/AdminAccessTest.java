package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.auth.ApiKey;
import dev.sluice.auth.Authentication;
import dev.sluice.auth.Authentication.Methods;
import dev.sluice.auth.KeyHash;
import dev.sluice.auth.KeySnapshot;
import dev.sluice.auth.KeyText;
import dev.sluice.auth.Scope;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.LogLines;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestKeys;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which key opens which call of the admin listener, and what the audit log says of it. */
@Tag("contract")
@Timeout(30)
class AdminAccessTest {

    private static final String LETTER = "/admin/dead-letters/1db3ef6c-15ce-820b-97d8-b7396807a414";

    private final Map<Scope, KeyText> holders = new EnumMap<>(Scope.class);
    private final Vertx vertx = AdminVerticle.ownVertx();
    private final Metrics metrics = Metrics.on("1.2.3");
    private OrderClient client;
    private int port;

    @BeforeEach
    void listen() throws Exception {
        List<ApiKey> keys = new ArrayList<>();
        for (Scope scope : Scope.values()) {
            KeyText text = KeyText.fresh(new SecureRandom());
            holders.put(scope, text);
            keys.add(ApiKey.made(text, "ops", Set.of(scope), Instant.EPOCH, null, null, "")
                    .stored());
        }
        KeySnapshot snapshot = KeySnapshot.of(keys);
        AdminVerticle admin = new AdminVerticle(
                TestConfig.of("admin.port=0"),
                new NodeView("1.2.3", List.of(), new FakeInstances(), new FakeOverflowOperations()),
                metrics,
                new Readiness(),
                new LoopPulse(System::nanoTime),
                Authentication.by(new Methods(() -> snapshot, null, KeyHash.of("hush"), Instant::now)));
        vertx.deployVerticle(admin).await(10, TimeUnit.SECONDS);
        port = admin.actualPort();
        client = new OrderClient(port);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        vertx.close().await(10, TimeUnit.SECONDS);
        metrics.close();
    }

    private Reply send(String method, String path, String header) {
        byte[] body = method.equals("PATCH") ? "{\"http\":2}".getBytes(StandardCharsets.UTF_8) : new byte[0];
        return header.isEmpty() ? client.send(method, path, null, body) : client.send(method, path, null, body, header);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /metrics, OPS_READ",
        "GET, /version, OPS_READ",
        "GET, /admin/config, OPS_READ",
        "GET, /admin/verticles, OPS_READ",
        "GET, /admin/cluster, OPS_READ",
        "GET, /admin/overflow, OPS_READ",
        "PATCH, /admin/verticles, OPS_WRITE",
        "GET, /admin/dead-letters, DEAD_READ",
        "POST, " + LETTER + "/replay, DEAD_WRITE",
        "DELETE, " + LETTER + ", DEAD_WRITE"
    })
    void eachCallNeedsItsScope(String method, String path, Scope needed) {
        for (Scope scope : Scope.values()) {
            Reply reply = send(method, path, TestKeys.header(holders.get(scope)));
            assertEquals(scope != needed, reply.status() == 403, path + " with " + scope.text() + ": " + reply);
            assertTrue(reply.status() != 401, reply::body);
        }
        assertEquals("unauthenticated", send(method, path, "").code());
        String challenge = send(method, path, "Authorization: Bearer wrong").header("WWW-Authenticate");
        assertEquals("Bearer realm=\"sluice\", error=\"invalid_token\"", challenge);
        int open = send(method, path, "Authorization: Bearer hush").status();
        assertTrue(open != 401 && open != 403, "admin.token has all of them: " + open);
    }

    @ParameterizedTest
    @CsvSource({"/healthz", "/readyz", "/docs", "/openapi.yaml"})
    void probesAndDocumentationNeedNone(String path) {
        int status = client.get(path).status();
        assertTrue(status != 401 && status != 403, path + " " + status);
    }

    @Test
    void whoChangedWhatIsInTheAuditLog() {
        KeyText writer = holders.get(Scope.OPS_WRITE);
        try (LogLines audit = LogLines.of("dev.sluice.audit")) {
            assertEquals(
                    200,
                    send("PATCH", "/admin/verticles", TestKeys.header(writer)).status());
            send("DELETE", LETTER, "Authorization: Bearer hush");
            send("GET", "/version", TestKeys.header(holders.get(Scope.OPS_READ)));
            Await.until("both changes are said", () -> audit.lines().size() >= 2);
            assertEquals(2, audit.lines().size(), () -> "reading is no change: " + audit.lines());
            String resize = audit.lines().get(0);
            assertTrue(resize.contains("key " + writer.id() + " of ops"), resize);
            assertTrue(resize.contains("/admin/verticles") && resize.contains("HTTP=2"), resize);
            assertTrue(resize.contains("end=\"200\""), resize);
            String discard = audit.lines().get(1);
            assertTrue(discard.contains("admin.token") && discard.contains(LETTER), discard);
        }
    }

    /** A body that is announced and does not come is not waited for. */
    @Test
    void aStrangersBodyIsNotRead() {
        try (HttpSocket stranger = new HttpSocket(port)) {
            stranger.send("PATCH /admin/verticles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
            Reply reply = stranger.read();
            assertEquals("unauthenticated", reply.code());
            assertTrue(reply.isLast());
        }
    }
}
