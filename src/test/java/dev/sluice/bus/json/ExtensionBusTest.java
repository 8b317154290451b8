package dev.sluice.bus.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.Part;
import dev.sluice.config.ExtensionConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.rig.Await;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What passes between the bus of a node and that of an extension, and what does not. */
@Tag("contract")
@Timeout(60)
class ExtensionBusTest {

    private static final long BUDGET_BYTES = 1 << 20;
    private static final String COMMITTED = "orders.committed";

    private final Vertx node = Vertx.vertx();
    private final MemoryBudget memory = new MemoryBudget(BUDGET_BYTES);
    private final Metrics metrics = Metrics.on("test");
    private final ExtensionBus bus = new ExtensionBus("a", config(), memory, metrics);

    private static ExtensionConfig config() {
        return Objects.requireNonNull(
                SluiceConfig.of("extensions.a.verticle=org.example.A", "extensions.a.publishes=told,also.told")
                        .extensions()
                        .get("a"));
    }

    /** An extension whose start is given. */
    private static final class Extension extends VerticleBase {
        private final Function<Vertx, Future<?>> start;

        Extension(Function<Vertx, Future<?>> start) {
            this.start = start;
        }

        @Override
        public Future<?> start() {
            return start.apply(vertx);
        }
    }

    @BeforeEach
    void join() {
        Await.result(bus.join(node));
    }

    @AfterEach
    void close() {
        Await.result(bus.close(5_000));
        Await.result(node.close());
        metrics.close();
    }

    private void deploy(Function<Vertx, Future<?>> start) {
        DeploymentOptions worker = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);
        Await.result(bus.onItsLoop(own -> own.deployVerticle(new Extension(start), worker)));
    }

    private static JsonObject batch(int number, int bytes) {
        return new JsonObject().put("account", "default").put("number", number).put("fill", "x".repeat(bytes));
    }

    private double dropped() {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith("sluice_extension_dropped_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Commits come once each, in their order, to every consumer. */
    @Test
    void commitsPassInTheirOrder() {
        List<Integer> heard = new CopyOnWriteArrayList<>();
        List<Integer> heardToo = new CopyOnWriteArrayList<>();
        deploy(own -> {
            own.eventBus().<JsonObject>consumer(COMMITTED, message -> numbered(message.body(), heardToo));
            return own.eventBus()
                    .<JsonObject>consumer(COMMITTED, message -> numbered(message.body(), heard))
                    .completion();
        });
        awaitFollowed();
        for (int i = 0; i < 100; i++) {
            node.eventBus().publish(COMMITTED, batch(i, 10));
        }
        Await.until("all", () -> heard.size() == 100 && heardToo.size() == 100);
        for (int i = 0; i < 100; i++) {
            assertEquals(i, heard.get(i));
        }
        assertEquals(0, memory.held());
        assertEquals(0, dropped());
    }

    private static void numbered(JsonObject batch, List<Integer> heard) {
        if (batch.containsKey("number")) {
            heard.add(batch.getInteger("number"));
        }
    }

    /** Published at the node until the first comes through; the relay follows a moment after its extension. */
    private void awaitFollowed() {
        Await.until(
                "it is followed",
                () -> Await.result(node.eventBus()
                        .publisher(COMMITTED)
                        .write(new JsonObject())
                        .map(true)
                        .otherwise(false)));
    }

    @Test
    void whereNothingFollowsNothingIsTaken() {
        deploy(own -> Future.succeededFuture());
        String fate = Await.result(node.eventBus()
                .publisher(COMMITTED)
                .write(batch(0, 10))
                .map("heard")
                .otherwise("unheard"));
        assertEquals("unheard", fate);
        assertEquals(0, memory.held());
    }

    /** A blocked consumer: what waits stays within its part of the budget, what came too late is dropped and counted. */
    @Test
    void whatABlockedExtensionDoesNotTakeIsBounded() {
        CountDownLatch release = new CountDownLatch(1);
        List<Integer> heard = new CopyOnWriteArrayList<>();
        deploy(own -> own.eventBus()
                .<JsonObject>consumer(COMMITTED, message -> {
                    heard.add(message.body().getInteger("number", -1));
                    await(release);
                })
                .completion());
        awaitFollowed();
        Await.until("it is blocked", () -> heard.size() == 1);
        for (int i = 0; i < 1_000; i++) {
            node.eventBus().publish(COMMITTED, batch(i, 10_000));
        }
        Await.until("some are dropped", () -> dropped() > 900);
        assertTrue(memory.held(Part.EXTENSIONS) <= Part.EXTENSIONS.bytesMax(BUDGET_BYTES));
        assertTrue(memory.held(Part.EXTENSIONS) > 0);
        assertEquals(1, heard.size());
        release.countDown();
        Await.until("what waited comes", () -> memory.held() == 0 && heard.size() > 5);
        node.eventBus().publish(COMMITTED, batch(7_777, 10));
        Await.until("and what is published now", () -> heard.contains(7_777));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void itsOrdersAreAnsweredByTheNode() {
        node.eventBus().<JsonObject>consumer("orders.submit", order -> {
            if (order.body().containsKey("bad")) {
                order.fail(400, "bad");
            } else {
                order.reply(order.body().put("account", order.headers().get("account")));
            }
        });
        List<String> answers = new CopyOnWriteArrayList<>();
        deploy(own -> {
            DeliveryOptions options = new DeliveryOptions().addHeader("account", "shop");
            own.eventBus()
                    .<JsonObject>request("orders.submit", new JsonObject().put("n", 1), options)
                    .onSuccess(answer -> answers.add(answer.body().encode()));
            own.eventBus()
                    .request("orders.submit", new JsonObject().put("bad", 1))
                    .onFailure(error -> answers.add("failed " + ((ReplyException) error).failureCode()));
            return Future.succeededFuture();
        });
        Await.until("both answers", () -> answers.size() == 2);
        assertTrue(answers.contains("{\"n\":1,\"account\":\"shop\"}"), answers.toString());
        assertTrue(answers.contains("failed 400"), answers.toString());
    }

    /** Beyond the bound an order is refused where it is sent: at 256 not yet, at the next one. */
    @Test
    void ordersWithoutAnAnswerAreBounded() {
        AtomicInteger arrived = new AtomicInteger();
        node.eventBus().consumer("orders.submit", order -> arrived.incrementAndGet());
        AtomicInteger refused = new AtomicInteger();
        deploy(own -> {
            for (int i = 0; i < RelayToExtension.OPEN_MAX + 10; i++) {
                own.eventBus()
                        .request("orders.submit", new JsonObject())
                        .onFailure(error -> refused.addAndGet(((ReplyException) error).failureCode() == 503 ? 1 : 0));
            }
            return Future.succeededFuture();
        });
        Await.until("those that fit arrive", () -> arrived.get() == RelayToExtension.OPEN_MAX);
        Await.until("the others are refused", () -> refused.get() == 10);
        assertEquals(10, dropped());
    }

    /** It can put anything into an object. Each is answered, and none is counted for ever. */
    @Test
    void anOrderThatNoBusCanBringIsRefusedAndLeavesRoom() {
        node.eventBus().consumer("orders.submit", order -> order.reply("taken"));
        JsonObject noJson = new JsonObject().put("when", new Object());
        List<Integer> refused = new CopyOnWriteArrayList<>();
        List<Object> answers = new CopyOnWriteArrayList<>();
        deploy(own -> {
            for (int i = 0; i < RelayToExtension.OPEN_MAX; i++) {
                own.eventBus()
                        .request("orders.submit", noJson)
                        .onFailure(error -> refused.add(((ReplyException) error).failureCode()));
            }
            own.eventBus().publish("told", noJson);
            return Future.succeededFuture();
        });
        Await.until("all are answered", () -> refused.size() == RelayToExtension.OPEN_MAX);
        assertEquals(List.of(400), refused.stream().distinct().toList());
        deploy(own -> {
            own.eventBus().request("orders.submit", new JsonObject()).onSuccess(answer -> answers.add(answer.body()));
            return Future.succeededFuture();
        });
        Await.until("the next one is taken", () -> answers.equals(List.of("taken")));
        assertEquals(1, dropped(), "what was published");
    }

    @Test
    void whatItPublishesPassesAtItsAddressesAlone() {
        List<String> heard = new CopyOnWriteArrayList<>();
        for (String address : List.of("told", "also.told", "other", "orders.committed")) {
            node.eventBus().consumer(address, message -> heard.add(address + " " + message.body()));
        }
        deploy(own -> {
            for (Object body : List.of("text", 1, Buffer.buffer("b"), new JsonObject(), true)) {
                own.eventBus().publish("told", body);
            }
            own.eventBus().publish("other", "x");
            own.eventBus().publish("orders.committed", "x");
            own.eventBus().publish("orders.submit", "x");
            own.eventBus().send("told", "not published");
            own.eventBus().publish("also.told", "last");
            return Future.succeededFuture();
        });
        Await.until("the last", () -> heard.contains("also.told last"));
        assertEquals(List.of("told text", "told 1", "told b", "told {}", "told true", "also.told last"), heard);
        assertEquals(1, dropped(), "the order that was published");
    }

    @Test
    void afterItHasLeftNothingPasses() {
        AtomicInteger arrived = new AtomicInteger();
        node.eventBus().consumer("orders.submit", order -> arrived.incrementAndGet());
        bus.leave();
        List<Integer> codes = new CopyOnWriteArrayList<>();
        deploy(own -> {
            own.eventBus()
                    .request("orders.submit", new JsonObject())
                    .onFailure(error -> codes.add(((ReplyException) error).failureCode()));
            return Future.succeededFuture();
        });
        Await.until("it is refused", () -> codes.equals(List.of(503)));
        assertEquals(0, arrived.get());
    }

    /** As one whose start failed behind its consumer: commits are not made for it, and not counted as dropped. */
    @Test
    void afterItHasLeftNothingIsFollowed() {
        deploy(own ->
                own.eventBus().<JsonObject>consumer(COMMITTED, message -> {}).completion());
        awaitFollowed();
        bus.leave();
        Await.until(
                "nothing follows",
                () -> Await.result(node.eventBus()
                        .publisher(COMMITTED)
                        .write(new JsonObject())
                        .map(false)
                        .otherwise(true)));
    }

    @Test
    void theQueueTakesUpToItsPartAndGivesItBack() {
        CommitQueue queue = new CommitQueue(memory);
        long max = Part.EXTENSIONS.bytesMax(BUDGET_BYTES);
        Buffer half = Buffer.buffer(new byte[(int) max / 2]);
        assertTrue(queue.offer(half));
        assertTrue(queue.offer(half));
        assertFalse(queue.offer(Buffer.buffer("x")), "one byte above");
        assertFalse(queue.mayHaveRoom());
        assertEquals(half, queue.poll());
        assertTrue(queue.mayHaveRoom());
        assertTrue(queue.offer(Buffer.buffer("x")));
        queue.clear();
        assertNull(queue.poll());
        assertEquals(0, memory.held(Part.EXTENSIONS));
        assertFalse(queue.offer(Buffer.buffer(new byte[(int) max + 1])));
        assertTrue(queue.mayHaveRoom(), "an empty one always may");
    }
}
