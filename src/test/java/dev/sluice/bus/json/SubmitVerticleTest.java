package dev.sluice.bus.json;

import static dev.sluice.store.TestOrders.document;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.metrics.OrderOutcome;
import dev.sluice.quota.Quotas;
import dev.sluice.rig.Await;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON contract of the event bus, without a writer: what is answered, in which form, and what is refused. */
@Tag("contract")
@Timeout(30)
class SubmitVerticleTest {

    /** Half of it is for many orders of one request. */
    private static final long BUDGET_BYTES = 16 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final Metrics metrics = Metrics.on("test");
    private final SluiceConfig config =
            TestConfig.of("quota.accounts.small.ordersPerSecond=1", "quota.accounts.small.burst=100");

    @BeforeEach
    void deploy() {
        Wire.register(vertx);
        Await.result(vertx.deployVerticle(new SubmitVerticle(
                context -> new OrderDispatcher(
                        context, new WriterDirectory(), "lookup", loop -> new OverflowQueue.None(), config, metrics),
                config,
                metrics,
                new MemoryBudget(BUDGET_BYTES),
                new Quotas(config.quota(), metrics, System::nanoTime))));
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
        metrics.close();
    }

    private Message<Object> request(Object body, String account) {
        DeliveryOptions options = new DeliveryOptions();
        if (account != null) {
            options.addHeader(SubmitVerticle.ACCOUNT, account);
        }
        return requestWith(body, options);
    }

    private Message<Object> requestWith(Object body, DeliveryOptions options) {
        return Await.result(vertx.eventBus().request(SubmitVerticle.ADDRESS, body, options));
    }

    private static Stream<Object> forms() {
        String document = document(null);
        return Stream.of(document, Buffer.buffer(document), new JsonObject(document));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theReplyHasTheFormOfTheMessage(Object body) {
        Object reply = request(body, null).body();
        assertEquals(body.getClass(), reply.getClass());
        assertEquals(503, new JsonObject(reply.toString()).getInteger("status"));
    }

    @Test
    void anArrayIsAnsweredByAnArrayAndWhatIs503SaysWhenToSendAgain() {
        JsonArray body = new JsonArray().add(new JsonObject(document(null))).add(7);
        Message<Object> reply = request(body, "shop-1");
        JsonArray results = (JsonArray) reply.body();
        assertEquals("not_stored", results.getJsonObject(0).getString("code"));
        assertEquals("invalid_order", results.getJsonObject(1).getString("code"));
        assertEquals("1", reply.headers().get(SubmitVerticle.RETRY_AFTER));
        assertEquals(1, metrics.orders().of(OrderOutcome.INVALID).total());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "x/y"})
    void anAccountThatIsNoNameIsRefused(String account) {
        assertEquals(400, refusal(document(null), account));
    }

    private static Stream<String> halves() {
        String order = document(null);
        return Stream.of(
                order.replace("\"c\"", "\"c\ud83d\""),
                order.replace("\"c\"", "\"\ude00c\""),
                order.replace("\"c\"", "\"c\\\ud83d\""),
                order.replace("{", "\ud83d{"),
                order.replace("\"c\"", "\"\ud83d\ud83d\ude00\""));
    }

    /** Half of a character would be stored as a question mark. */
    @ParameterizedTest
    @MethodSource("halves")
    void halfACharacterIsNoText(String half) {
        assertEquals(
                "invalid_order", new JsonObject((String) request(half, null).body()).getString("code"));
        String many = "[" + document(null) + "," + half.replaceFirst("^\ud83d", "") + "]";
        JsonArray results = new JsonArray((String) request(many, null).body());
        assertEquals("not_stored", results.getJsonObject(0).getString("code"));
    }

    @Test
    void halfACharacterInAnObjectIsNoTextEither() {
        JsonObject order = new JsonObject(document(null)).put("customerId", "c\ud83d");
        assertEquals("invalid_order", ((JsonObject) request(order, null).body()).getString("code"));
    }

    @Test
    void wholeCharactersAreTaken() {
        String order = document(null).replace("\"c\"", "\"ä€\ud83d\ude00\"");
        assertEquals("not_stored", new JsonObject((String) request(order, null).body()).getString("code"));
    }

    @Test
    void twoAccountsAreNone() {
        DeliveryOptions options = new DeliveryOptions();
        options.addHeader(SubmitVerticle.ACCOUNT, "shop");
        options.getHeaders().add(SubmitVerticle.ACCOUNT, "other");
        assertEquals(400, failureWith(document(null), options).failureCode());
    }

    /** No sender waits for what became of it; it is done all the same. */
    @Test
    void whatIsSentWithoutAReplyAddressIsTaken() {
        vertx.eventBus().send(SubmitVerticle.ADDRESS, document(null));
        request(document(null), null);
        assertEquals(2, metrics.orders().of(OrderOutcome.UNAVAILABLE).total());
    }

    private static Stream<Object> noOrders() {
        String tooMany = "[" + "1,".repeat(10_000) + "1]";
        return Stream.of("[]", "[1", tooMany, 7, true, 1.5, new byte[] {'{', '}'});
    }

    @ParameterizedTest
    @MethodSource("noOrders")
    void whatIsNoListOfOrdersIsRefusedWhole(Object body) {
        int status = refusal(body, null);
        assertEquals(body.toString().length() > 10_000 ? 413 : 400, status);
    }

    /** Orders that are refused for their content count; those of 503 go back. */
    @Test
    void anAccountThatSubmitsMoreThanItMayIsRefusedWhole() {
        String hundred = "[" + "{},".repeat(99) + "{}]";
        assertEquals(400, refusal("[" + "{},".repeat(100) + "{}]", "small"), "more than it may ever submit at once");
        request(new JsonArray().add(new JsonObject(document(null))), "small");
        request(document(null), "small");
        JsonArray results = new JsonArray(request(hundred, "small").body().toString());
        assertEquals(100, results.size());
        ReplyException refused = failure(hundred, "small");
        assertEquals(429, refused.failureCode());
        assertTrue(
                refused.getMessage().matches("quota_exceeded: .*; retryAfterSeconds=[1-9][0-9]*"),
                refused.getMessage());
        SubmitReply heard = SubmitReply.failure(refused);
        assertEquals("quota_exceeded", heard.code());
        assertTrue(refused.getMessage().endsWith("=" + heard.retryAfterSeconds()), heard::toString);
        request(document(null), "another");
    }

    private int refusal(Object body, String account) {
        return failure(body, account).failureCode();
    }

    private ReplyException failure(Object body, String account) {
        return refused(() -> request(body, account));
    }

    private ReplyException failureWith(Object body, DeliveryOptions options) {
        return refused(() -> requestWith(body, options));
    }

    private static ReplyException refused(Executable request) {
        Throwable error = assertThrows(Throwable.class, request);
        while (!(error instanceof ReplyException)) {
            error = error.getCause();
        }
        return (ReplyException) error;
    }

    /** Every node would take it, and nothing tells the sender which answer counts. */
    @Test
    void whatIsPublishedIsNotTaken() {
        vertx.eventBus().publish(SubmitVerticle.ADDRESS, document(null));
        request(document(null), null);
        assertEquals(1, metrics.orders().of(OrderOutcome.UNAVAILABLE).total());
    }

    @Test
    void aMessageThatCannotBeHeldIsRefusedBeforeAnythingIsSent() {
        String large = "[" + "{\"x\":\"" + "y".repeat(8_000_000) + "\"}]";
        assertEquals(503, refusal(large, null));
    }
}
