package dev.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.Settled;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.rig.Await;
import dev.sluice.store.Deadline;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.SimClock;
import dev.sluice.store.TestOrders;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A writer on its event loop that has an overflow and no PostgreSQL. */
@Timeout(30)
class WriterVerticleOverflowTest {

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final WriterDirectory writers = new WriterDirectory();
    private final Metrics metrics = Metrics.on("test");
    private final FakeOrderStore store = new FakeOrderStore(new SimClock());
    private final HeldQueue queue = new HeldQueue();
    private final WriterVerticle writer =
            new WriterVerticle("writer", writers, loop -> store, loop -> queue, WriterRig.config(), metrics);
    private String deployment = "";
    private Future<Outcome> answer = Future.failedFuture("not asked yet");

    @BeforeEach
    void start() throws Exception {
        Wire.register(vertx);
        store.up(false);
        deployment = vertx.deployVerticle(writer).await(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
        metrics.close();
    }

    private void submit() throws Exception {
        Promise<Outcome> promise = Promise.promise();
        context.runOnContext(turn -> new OrderDispatcher(
                        context,
                        writers,
                        "lookup",
                        loop -> new OverflowQueue.None(),
                        TestConfig.of("bus.deadlineMs=10000"),
                        metrics)
                .submit(TestOrders.order("k"))
                .map(Settled::outcome)
                .onComplete(promise));
        answer = promise.future();
        Await.until("the offer", () -> queue.offered);
    }

    @Test
    void itJoinsWithTheOverflowAloneAndQueues() throws Exception {
        writer.joined().await(10, TimeUnit.SECONDS);
        submit();
        queue.release();
        assertInstanceOf(Outcome.Queued.class, answer.await(10, TimeUnit.SECONDS));
        Await.until(
                "the writer counts as overflowing",
                () -> metrics.writers().overflowing().now() == 1);
    }

    @Test
    void itsStopWaitsForItsOffersAndClosesTheQueue() throws Exception {
        writer.joined().await(10, TimeUnit.SECONDS);
        submit();
        Future<Void> stopped = vertx.undeploy(deployment);
        Await.pause("time for a stop that does not wait", 100);
        assertFalse(stopped.isComplete());
        assertFalse(queue.closed);
        queue.release();
        stopped.await(10, TimeUnit.SECONDS);
        assertInstanceOf(Outcome.Queued.class, answer.await(10, TimeUnit.SECONDS));
        assertTrue(queue.closed);
        assertEquals(0, metrics.writers().overflowing().now());
    }

    /** The drain makes way by this figure, which must not hang on metrics. */
    @Test
    void whatWaitsIsSeenWithMetricsOffToo() throws Exception {
        SimClock clock = new SimClock();
        FakeOrderStore away = new FakeOrderStore(clock);
        away.up(false);
        AtomicBoolean seen = new AtomicBoolean();
        try (Metrics off = Metrics.off("test")) {
            WriterVerticle unmeasured = new WriterVerticle(
                    "unmeasured",
                    new WriterDirectory(),
                    loop -> {
                        loop.setPeriodic(1, id -> {
                            away.up(seen.get());
                            clock.advanceMs(1);
                        });
                        return away;
                    },
                    loop -> new OverflowQueue.None(),
                    WriterRig.config("writer.deadlineMs=30000"),
                    off);
            vertx.deployVerticle(unmeasured).await(10, TimeUnit.SECONDS);
            vertx.eventBus().send("unmeasured", new OrderBatch(TestOrders.many("k", 3), Priority.LIVE));
            Await.until("three orders wait", () -> unmeasured.pendingOrders() == 3);
            seen.set(true);
            Await.until("no order waits", () -> unmeasured.pendingOrders() == 0);
        }
    }

    /** Answers when the test says so. */
    private static final class HeldQueue implements OverflowQueue {

        private final Promise<Void> go = Promise.promise();
        private volatile boolean offered;
        private volatile boolean closed;

        void release() {
            go.complete();
        }

        @Override
        public boolean isUp() {
            return !closed;
        }

        @Override
        public long depth() {
            return 0;
        }

        @Override
        public Future<List<Outcome>> offer(List<Order> orders, Deadline deadline) {
            offered = true;
            Context loop = Vertx.currentContext();
            Promise<List<Outcome>> answer = Promise.promise();
            go.future()
                    .onComplete(done -> loop.runOnContext(turn -> answer.complete(orders.stream()
                            .<Outcome>map(order -> new Outcome.Queued(order, false))
                            .toList())));
            return answer.future();
        }

        @Override
        public Future<Map<UUID, Order>> find(Collection<UUID> ids, Deadline deadline) {
            return Future.succeededFuture(Map.of());
        }

        @Override
        public Future<Void> close() {
            closed = true;
            return Future.succeededFuture();
        }
    }
}
