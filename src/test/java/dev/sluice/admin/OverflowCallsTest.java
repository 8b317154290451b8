package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.http.Contract;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.rig.LogLines;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFailure.Kind;
import dev.sluice.store.TestOrders;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /admin/overflow} and {@code /admin/dead-letters}, over real HTTP. */
@Tag("contract")
@Timeout(30)
class OverflowCallsTest {

    private static final Contract CONTRACT = new Contract();
    private static final String DEAD = "/admin/dead-letters";

    private final Metrics metrics = Metrics.on("1.2.3");
    private final Vertx vertx = AdminVerticle.ownVertx();
    private final FakeOverflowOperations overflow = new FakeOverflowOperations();

    private int port;

    @BeforeEach
    void listen() throws Exception {
        port = deploy("", new NodeView("x", List.of(), new FakeInstances(), overflow));
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
        metrics.close();
    }

    private static SluiceConfig config(String token) {
        return TestConfig.of("admin.port=0", "admin.token=" + token);
    }

    private int deploy(String token, NodeView view) throws Exception {
        AdminVerticle admin =
                new AdminVerticle(config(token), view, metrics, new Readiness(), new LoopPulse(System::nanoTime));
        vertx.deployVerticle(admin).await(10, TimeUnit.SECONDS);
        return admin.actualPort();
    }

    private DeadLetter dead(int number) {
        Order order = TestOrders.parse(
                "{\"clientOrderId\":\"k" + number + "\",\"customerId\":\"c\",\"currency\":\"EUR\",\"items\":"
                        + "[{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"1\"}],"
                        + "\"attributes\":{\"n\":1234567890123456789012345678901234567890}}");
        DeadLetter letter =
                new DeadLetter(new UUID(0, number), order, "violates \"a\"\nb", 1_700_000_000_000_001L, false);
        overflow.letters.put(letter.id(), letter);
        return letter;
    }

    @Test
    void statusSaysHowFullItIs() throws Exception {
        dead(1);
        assertEquals(
                new JsonObject()
                        .put("up", true)
                        .put("entries", 7)
                        .put("oldestSeconds", 1.5)
                        .put("deadLetters", 1)
                        .put("drainedTotal", 42)
                        .put("state", "draining"),
                send("GET", "/admin/overflow").json());
    }

    @Test
    void deadLettersShowTheOrderAsGetDoes() throws Exception {
        DeadLetter letter = dead(1);
        Reply answer = send("GET", DEAD);
        assertEquals(200, answer.status());
        assertTrue(answer.body().contains("\"n\":1234567890123456789012345678901234567890"), answer.body());
        JsonObject shown = answer.json().getJsonArray("deadLetters").getJsonObject(0);
        assertEquals(letter.id().toString(), shown.getString("id"));
        assertEquals(letter.order().id().toString(), shown.getString("orderId"));
        assertEquals("default", shown.getString("account"));
        assertEquals("k1", shown.getString("clientOrderId"));
        assertEquals("violates \"a\"\nb", shown.getString("reason"));
        assertEquals("2023-11-14T22:13:20.000001Z", shown.getString("diedAt"));
        assertEquals("dead", shown.getJsonObject("order").getString("status"));
        assertEquals("k1", shown.getJsonObject("order").getString("clientOrderId"));
    }

    @Test
    void pagesFollowEachOther() throws Exception {
        for (int i = 1; i <= 5; i++) {
            dead(i);
        }
        JsonObject first = send("GET", DEAD + "?limit=3").json();
        assertEquals(3, first.getJsonArray("deadLetters").size());
        assertEquals(new UUID(0, 3).toString(), first.getString("next"));
        JsonObject second = new JsonObject(
                send("GET", DEAD + "?limit=3&after=" + first.getString("next")).body());
        assertEquals(2, second.getJsonArray("deadLetters").size());
        assertNull(second.getString("next"));
        assertNull(send("GET", DEAD + "?limit=5").json().getString("next"), "a full last page");
        assertEquals(1 << 20, overflow.bytesMax);
    }

    @Test
    void limitsHold() throws Exception {
        assertEquals(200, send("GET", DEAD + "?limit=1").status());
        assertEquals(200, send("GET", DEAD + "?limit=1000").status());
        for (String query : List.of("limit=0", "limit=1001", "limit=x", "limit=", "limit=99999999999", "after=x")) {
            assertProblem(400, "invalid_parameter", send("GET", DEAD + "?" + query));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=%zz",
                "limit=1&x=%",
                "after=%f",
                "%",
                "limit=1&limit=2",
                "limit=1&limit=1",
                "after=00000000-0000-0000-0000-000000000001&limit=1&after=00000000-0000-0000-0000-000000000002",
                "after=%FF"
            })
    void aQueryThatAsksForNoPageIsABadRequest(String query) throws Exception {
        try (LogLines log = LogLines.of(AdminVerticle.class)) {
            assertProblem(400, "invalid_parameter", send("GET", DEAD + "?" + query));
            assertEquals(List.of(), log.lines(), "no failure of ours");
        }
    }

    @Test
    void replayTakesItOut() throws Exception {
        DeadLetter letter = dead(1);
        Reply answer = send("POST", DEAD + "/" + letter.id() + "/replay");
        assertEquals(202, answer.status());
        assertEquals(letter.order().id().toString(), answer.json().getString("orderId"));
        assertProblem(404, "dead_letter_not_found", send("POST", DEAD + "/" + letter.id() + "/replay"));
    }

    @Test
    void discardLeavesATombstoneThatIsNotReplayed() throws Exception {
        DeadLetter letter = dead(1);
        for (int i = 0; i < 2; i++) {
            Reply answer = send("DELETE", DEAD + "/" + letter.id());
            assertEquals(200, answer.status());
            assertTrue(answer.json().getBoolean("discarded"));
        }
        assertProblem(409, "dead_letter_discarded", send("POST", DEAD + "/" + letter.id() + "/replay"));
        assertEquals(0, send("GET", DEAD).json().getJsonArray("deadLetters").size());
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        for (String id : List.of(new UUID(0, 9).toString(), "x", "1-1-1-1-1")) {
            assertProblem(404, "dead_letter_not_found", send("DELETE", DEAD + "/" + id));
            assertProblem(404, "dead_letter_not_found", send("POST", DEAD + "/" + id + "/replay"));
        }
    }

    @Test
    void failuresAreProblems() throws Exception {
        DeadLetter letter = dead(1);
        String replay = DEAD + "/" + letter.id() + "/replay";
        overflow.failure = StoreFailure.notStored("Redis is away");
        assertProblem(503, "overflow_unavailable", send("GET", "/admin/overflow"));
        assertProblem(503, "overflow_unavailable", send("POST", replay));
        overflow.failure = StoreFailure.unknown("no answer");
        assertTrue(
                assertProblem(503, "overflow_unavailable", send("POST", replay)).contains("may have been done"));
        overflow.failure = new StoreFailure(Kind.REFUSED, "another order is queued under its key");
        assertProblem(409, "dead_letter_not_changed", send("POST", replay));
        overflow.failure = new IllegalStateException("secret");
        assertFalse(
                assertProblem(503, "overflow_unavailable", send("GET", DEAD)).contains("secret"));
    }

    @Test
    void withoutAnOverflowThereIsNone() throws Exception {
        port = deploy("", new NodeView("x", List.of(), new FakeInstances()));
        String id = new UUID(0, 1).toString();
        assertProblem(404, "overflow_disabled", send("GET", "/admin/overflow"));
        assertProblem(404, "overflow_disabled", send("GET", DEAD));
        assertProblem(404, "overflow_disabled", send("POST", DEAD + "/" + id + "/replay"));
        assertProblem(404, "overflow_disabled", send("DELETE", DEAD + "/" + id));
    }

    @Test
    void aTokenGuardsThem() throws Exception {
        port = deploy("secret", new NodeView("x", List.of(), new FakeInstances(), overflow));
        String id = dead(1).id().toString();
        assertProblem(401, "unauthenticated", send("GET", "/admin/overflow"));
        assertProblem(401, "unauthenticated", send("GET", DEAD));
        assertProblem(401, "unauthenticated", send("POST", DEAD + "/" + id + "/replay"));
        assertProblem(401, "unauthenticated", send("DELETE", DEAD + "/" + id));
        assertEquals(1, overflow.letters.size());
    }

    @Test
    void otherMethodsAreToldWhatIsAllowed() throws Exception {
        String letter = DEAD + "/" + new UUID(0, 1);
        assertAllows("GET, HEAD", send("POST", "/admin/overflow"));
        assertAllows("GET, HEAD", send("DELETE", DEAD));
        assertAllows("POST", send("GET", letter + "/replay"));
        assertAllows("DELETE", send("GET", letter));
        assertAllows("GET, HEAD, PATCH", send("DELETE", "/admin/verticles"));
    }

    private static void assertAllows(String methods, Reply answer) {
        assertProblem(405, "method_not_allowed", answer);
        assertEquals(methods, answer.header("Allow"));
    }

    private static String assertProblem(int status, String code, Reply answer) {
        assertEquals(status, answer.status(), answer.body());
        assertEquals("application/problem+json", answer.header("Content-Type"));
        JsonObject problem = answer.json();
        assertEquals(code, problem.getString("code"));
        return problem.getString("detail");
    }

    private Reply send(String method, String target) throws Exception {
        try (OrderClient client = new OrderClient(port)) {
            Reply answer = client.send(method, target, null, new byte[0]);
            if (answer.status() != 405) {
                assertDocumented(method, target, answer);
            }
            return answer;
        }
    }

    private static void assertDocumented(String method, String target, Reply answer) {
        String path = target.split("\\?", 2)[0].replaceFirst("(/dead-letters/)[^/]+", "$1{id}");
        String mediaType = answer.header("Content-Type");
        List<String> faults =
                CONTRACT.bodyFaults(path, method.toLowerCase(Locale.ROOT), answer.status(), mediaType, answer.body());
        assertEquals(List.of(), faults, answer.body());
    }
}
