package dev.sluice.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Conflict;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.order.Outcome.Queued;
import dev.sluice.order.Outcome.Unknown;
import dev.sluice.store.Deadline;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.TestOrders;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that no writer answered. */
@Timeout(30)
class DispatcherOverflowTest {

    private static final long AMPLE_MS = 10_000;
    private static final long OVERFLOW_MS = 700;
    private static final int OUTSTANDING = 5;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final WriterDirectory writers = new WriterDirectory();
    private final Queue queue = new Queue();

    @BeforeEach
    void register() {
        Wire.register(vertx);
    }

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(AMPLE_MS, TimeUnit.MILLISECONDS);
    }

    private <T> T onLoop(Supplier<Future<T>> call) throws Exception {
        Promise<T> promise = Promise.promise();
        context.runOnContext(ignored -> call.get().onComplete(promise));
        return get(promise.future());
    }

    private OrderDispatcher dispatcher(long deadlineMs) {
        return new OrderDispatcher(
                context,
                writers,
                "lookup",
                loop -> queue,
                TestConfig.of(
                        "bus.deadlineMs=" + deadlineMs,
                        "bus.outstandingMax=" + OUTSTANDING,
                        "overflow.deadlineMs=" + OVERFLOW_MS),
                Metrics.on("test"));
    }

    private List<Outcome> submit(OrderDispatcher dispatcher, Order... orders) throws Exception {
        return onLoop(() -> {
            List<Future<Outcome>> outcomes = List.of(orders).stream()
                    .map(order -> dispatcher.submit(order).map(Settled::outcome))
                    .toList();
            return Future.join(outcomes)
                    .map(all -> outcomes.stream().map(Future::result).toList());
        });
    }

    private void writer(Function<OrderBatch, Future<OutcomeBatch>> writing) throws Exception {
        get(Endpoint.open(vertx, "writer", writing));
        writers.add("writer");
    }

    @Test
    void withoutAWriterATurnIsQueuedTogether() throws Exception {
        Order a = TestOrders.order("a");
        Order b = TestOrders.order("b");
        OrderDispatcher dispatcher = dispatcher(AMPLE_MS);
        assertEquals(List.of(new Queued(a, false), new Queued(b, false)), submit(dispatcher, a, b));
        assertEquals(List.of(TestOrders.sorted(a, b)), queue.offers);
        assertEquals(0, dispatcher.outstanding());
        assertTrue(queue.leftMs.get(0) <= OVERFLOW_MS && queue.leftMs.get(0) > 0, queue.leftMs.toString());
    }

    @Test
    void aWriterThatJustLeftIsNoWriter() throws Exception {
        writers.add("no-consumer-here");
        assertInstanceOf(
                Queued.class,
                submit(dispatcher(AMPLE_MS), TestOrders.order("k")).get(0));
    }

    @Test
    void aMessageWithoutAnAnswerIsQueuedWithTheSameIds() throws Exception {
        writer(batch -> Promise.<OutcomeBatch>promise().future());
        Order order = TestOrders.order("k");
        assertEquals(List.of(new Queued(order, false)), submit(dispatcher(100), order));
    }

    @Test
    void aMessageThatItsWriterFailedIsQueued() throws Exception {
        writer(batch -> Future.failedFuture("broken"));
        assertInstanceOf(
                Queued.class,
                submit(dispatcher(AMPLE_MS), TestOrders.order("k")).get(0));
    }

    @Test
    void whatTheWriterLeftOpenIsLeftOpen() throws Exception {
        writer(batch -> Future.succeededFuture(new OutcomeBatch(List.of(new NotStored("tried both")), 1)));
        assertEquals(List.of(new NotStored("tried both")), submit(dispatcher(AMPLE_MS), TestOrders.order("k")));
        assertEquals(List.of(), queue.offers);
    }

    @Test
    void whatTheOverflowDoesNotTakeStaysAsItWas() throws Exception {
        queue.answer = order -> new NotStored("full");
        assertEquals(
                List.of(new NotStored("no writer is running, and full")),
                submit(dispatcher(AMPLE_MS), TestOrders.order("k")));
        writer(batch -> Promise.<OutcomeBatch>promise().future());
        assertInstanceOf(
                Unknown.class, submit(dispatcher(100), TestOrders.order("k")).get(0));
    }

    @Test
    void whoIsRefusedWithoutAWriterHearsWhenTheOverflowWillBeEmpty() throws Exception {
        queue.answer = order -> new NotStored("full");
        OrderDispatcher dispatcher = dispatcher(AMPLE_MS);
        submit(dispatcher, TestOrders.order("k"));
        assertEquals(1, dispatcher.retryAfterSeconds(), "nothing is known");
        queue.secondsToEmpty = OptionalDouble.of(11.5);
        submit(dispatcher, TestOrders.order("k"));
        assertEquals(12, dispatcher.retryAfterSeconds());
        queue.secondsToEmpty = OptionalDouble.of(4_000);
        submit(dispatcher, TestOrders.order("k"));
        assertEquals(30, dispatcher.retryAfterSeconds());
    }

    @Test
    void aConflictIsOneOnlyWhereNoWriterMayHaveStoredIt() throws Exception {
        queue.answer = order -> new Conflict();
        assertInstanceOf(
                Conflict.class,
                submit(dispatcher(AMPLE_MS), TestOrders.order("k")).get(0));
        writer(batch -> Promise.<OutcomeBatch>promise().future());
        assertInstanceOf(
                Unknown.class, submit(dispatcher(100), TestOrders.order("k")).get(0));
    }

    @Test
    void anOfferThatWasNotAnsweredIsUnknown() throws Exception {
        queue.answer = order -> new Unknown("no answer");
        assertInstanceOf(
                Unknown.class,
                submit(dispatcher(AMPLE_MS), TestOrders.order("k")).get(0));
    }

    @Test
    void anIdIsOfferedOnceAndEachOrderHearsItsOwn() throws Exception {
        Order first = TestOrders.order("k", 1);
        List<Outcome> outcomes = submit(
                dispatcher(AMPLE_MS), first, TestOrders.order("k", 2), TestOrders.order("k", 1), TestOrders.order("l"));
        assertEquals(new Queued(first, false), outcomes.get(0));
        assertInstanceOf(Conflict.class, outcomes.get(1));
        assertEquals(new Queued(first, true), outcomes.get(2));
        assertInstanceOf(Queued.class, outcomes.get(3));
        assertEquals(List.of(2, 1), queue.offers.stream().map(List::size).toList(), "the rival follows");
    }

    @Test
    void whatIsBeingOfferedIsOutstanding() throws Exception {
        queue.hold = Promise.promise();
        OrderDispatcher dispatcher = dispatcher(AMPLE_MS);
        List<Future<Outcome>> open = new CopyOnWriteArrayList<>();
        onLoop(() -> {
            TestOrders.many("k", OUTSTANDING)
                    .forEach(order -> open.add(dispatcher.submit(order).map(Settled::outcome)));
            return Future.succeededFuture();
        });
        while (queue.offers.isEmpty()) {
            onLoop(Future::succeededFuture);
        }
        assertEquals(OUTSTANDING, dispatcher.outstanding());
        assertInstanceOf(
                NotStored.class, submit(dispatcher, TestOrders.order("above")).get(0));
        assertEquals(1, queue.offers.size(), "and is not offered");
        context.runOnContext(turn -> queue.hold.complete());
        for (Future<Outcome> outcome : open) {
            assertInstanceOf(Queued.class, get(outcome));
        }
    }

    @Test
    void anOverflowThatIsAwayIsNotAsked() throws Exception {
        queue.up = false;
        assertInstanceOf(
                NotStored.class,
                submit(dispatcher(AMPLE_MS), TestOrders.order("k")).get(0));
        assertEquals(List.of(), queue.offers);
    }

    @Test
    void anOverflowThatBreaksItsWordLeavesTheOutcomeUnknown() throws Exception {
        queue.hold = Promise.promise();
        queue.hold.fail("never, it said");
        assertInstanceOf(
                Unknown.class,
                submit(dispatcher(AMPLE_MS), TestOrders.order("k")).get(0));
    }

    @Test
    void closingLetsGoOfTheOverflow() throws Exception {
        get(dispatcher(AMPLE_MS).close());
        assertTrue(!queue.up);
    }

    /** Queues what it is offered, by id. */
    private static final class Queue implements OverflowQueue {

        private final List<List<Order>> offers = new CopyOnWriteArrayList<>();
        private final List<Long> leftMs = new CopyOnWriteArrayList<>();
        private final Map<UUID, Order> entries = new java.util.concurrent.ConcurrentHashMap<>();
        private volatile boolean up = true;
        private volatile OptionalDouble secondsToEmpty = OptionalDouble.empty();
        private volatile Promise<Void> hold = Promise.promise();
        private volatile Function<Order, Outcome> answer = this::queue;

        Queue() {
            hold.complete();
        }

        private Outcome queue(Order order) {
            Order before = entries.putIfAbsent(order.id(), order);
            if (before == null) {
                return new Queued(order, false);
            }
            return before.fingerprint().equals(order.fingerprint()) ? new Queued(before, true) : new Conflict();
        }

        @Override
        public boolean isUp() {
            return up;
        }

        @Override
        public long depth() {
            return entries.size();
        }

        @Override
        public OptionalDouble secondsToEmpty() {
            return secondsToEmpty;
        }

        @Override
        public Future<List<Outcome>> offer(List<Order> orders, Deadline deadline) {
            offers.add(orders);
            leftMs.add(deadline.remainingMs(System.nanoTime()));
            return hold.future().map(go -> orders.stream().map(answer).toList());
        }

        @Override
        public Future<Map<UUID, Order>> find(Collection<UUID> ids, Deadline deadline) {
            return Future.succeededFuture(Collections.emptyMap());
        }

        @Override
        public Future<Void> close() {
            up = false;
            return Future.succeededFuture();
        }
    }
}
