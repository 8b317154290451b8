package dev.sluice.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.FoundOrder;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.order.Outcome.Unknown;
import dev.sluice.order.Priority;
import dev.sluice.order.StoredOrder;
import dev.sluice.rig.Await;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.TestOrders;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderDispatcherTest {

    private static final String WRITER = "writer";
    private static final String LOOKUP = "lookup";
    private static final long AMPLE_MS = 10_000;
    private static final int WEIGHT = TestOrders.order("k").weightBytes();

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final WriterDirectory writers = new WriterDirectory();
    private final List<OrderBatch> messages = new CopyOnWriteArrayList<>();

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

    private OrderDispatcher dispatcher(long deadlineMs, int outstandingMax, long bytesMax, int messageOrdersMax) {
        return new OrderDispatcher(
                context,
                writers,
                LOOKUP,
                loop -> new OverflowQueue.None(),
                TestConfig.of(
                        "bus.deadlineMs=" + deadlineMs,
                        "bus.outstandingMax=" + outstandingMax,
                        "bus.messageOrdersMax=" + messageOrdersMax,
                        "writer.bufferBytesMax=" + bytesMax),
                Metrics.on("test"));
    }

    private OrderDispatcher dispatcher() {
        return dispatcher(AMPLE_MS, 1_000, 1 << 20, 100);
    }

    private Endpoint writer(Function<OrderBatch, Future<OutcomeBatch>> writing) throws Exception {
        Endpoint endpoint = get(Endpoint.<OrderBatch, OutcomeBatch>open(vertx, WRITER, batch -> {
            messages.add(batch);
            return writing.apply(batch);
        }));
        writers.add(WRITER);
        return endpoint;
    }

    /** Every order committed at the time that its quantity says: outcomes cannot be mixed up unseen. */
    private static Future<OutcomeBatch> committed(OrderBatch batch) {
        List<Outcome> outcomes = new ArrayList<>();
        batch.orders().forEach(order -> outcomes.add(committedAs(order)));
        return Future.succeededFuture(new OutcomeBatch(outcomes, 7));
    }

    private static Outcome committedAs(Order order) {
        return new Committed(Long.parseLong(order.clientOrderId()));
    }

    private static List<Order> numbered(int count) {
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            orders.add(TestOrders.order(Integer.toString(i)));
        }
        return orders;
    }

    /** All in one turn of the loop. */
    private List<Outcome> submit(OrderDispatcher dispatcher, List<Order> orders) throws Exception {
        return onLoop(() -> {
            List<Future<Outcome>> outcomes = outcomes(dispatcher, orders);
            return Future.join(outcomes)
                    .map(all -> outcomes.stream().map(Future::result).toList());
        });
    }

    private static List<Future<Outcome>> outcomes(OrderDispatcher dispatcher, List<Order> orders) {
        return orders.stream()
                .map(order -> dispatcher.submit(order).map(Settled::outcome))
                .toList();
    }

    private Outcome submit(OrderDispatcher dispatcher, Order order) throws Exception {
        return submit(dispatcher, List.of(order)).get(0);
    }

    @Test
    void theOrdersOfOneTurnTravelTogetherAndEachHearsItsOwnOutcome() throws Exception {
        writer(OrderDispatcherTest::committed);
        OrderDispatcher dispatcher = dispatcher();
        List<Order> orders = numbered(50);
        assertEquals(orders.stream().map(OrderDispatcherTest::committedAs).toList(), submit(dispatcher, orders));
        assertEquals(List.of(new OrderBatch(orders, Priority.LIVE)), messages);
        assertEquals(7, dispatcher.retryAfterSeconds());
        assertEquals(0, dispatcher.outstanding());
    }

    @Test
    void aTurnBeyondTheMessageLimitIsSplit() throws Exception {
        writer(OrderDispatcherTest::committed);
        for (int count : new int[] {9, 10, 11}) {
            messages.clear();
            submit(dispatcher(AMPLE_MS, 1_000, 1 << 20, 10), numbered(count));
            assertEquals(count > 10 ? 2 : 1, messages.size(), count + " orders");
            assertEquals(Math.min(10, count), messages.get(0).orders().size());
        }
    }

    @Test
    void ordersBeyondTheOutstandingOnesAreRefusedAtOnceAndLaterTaken() throws Exception {
        List<Promise<OutcomeBatch>> open = new CopyOnWriteArrayList<>();
        writer(batch -> {
            Promise<OutcomeBatch> promise = Promise.promise();
            open.add(promise);
            return promise.future();
        });
        OrderDispatcher dispatcher = dispatcher(AMPLE_MS, 3, 1 << 20, 100);
        List<Future<Outcome>> taken = submitAndLeave(dispatcher, numbered(2));
        taken.addAll(submitAndLeave(dispatcher, List.of(TestOrders.order("2"))));
        assertInstanceOf(NotStored.class, submit(dispatcher, TestOrders.order("3")), "at the bound");
        assertEquals(3, dispatcher.outstanding());
        Await.until("two messages are open", () -> open.size() == 2);
        for (int i = 0; i < open.size(); i++) {
            open.get(i).complete(committed(messages.get(i)).result());
        }
        for (Future<Outcome> outcome : taken) {
            assertInstanceOf(Committed.class, get(outcome));
        }
        submitAndLeave(dispatcher, List.of(TestOrders.order("4")));
        Await.until("the third message", () -> messages.size() == 3);
    }

    private List<Future<Outcome>> submitAndLeave(OrderDispatcher dispatcher, List<Order> orders) throws Exception {
        return onLoop(() -> Future.succeededFuture(new ArrayList<>(outcomes(dispatcher, orders))));
    }

    @Test
    void bytesBeyondTheOutstandingOnesAreRefusedAtOnce() throws Exception {
        writer(OrderDispatcherTest::committed);
        for (int count : new int[] {2, 3, 4}) {
            List<Outcome> outcomes = submit(dispatcher(AMPLE_MS, 1_000, 3L * WEIGHT, 100), numbered(count));
            long refused = outcomes.stream().filter(NotStored.class::isInstance).count();
            assertEquals(Math.max(0, count - 3), refused, count + " orders");
        }
        OrderDispatcher again = dispatcher(AMPLE_MS, 1_000, WEIGHT, 100);
        for (int i = 0; i < 3; i++) {
            assertInstanceOf(Committed.class, submit(again, TestOrders.order("1")), "bytes are given back");
        }
    }

    @Test
    void withoutAWriterNothingIsStored() throws Exception {
        assertInstanceOf(NotStored.class, submit(dispatcher(), TestOrders.order("1")));
        writers.add("no-consumer-here");
        assertInstanceOf(NotStored.class, submit(dispatcher(), TestOrders.order("1")));
    }

    @Test
    void aWriterThatLeavesIsNotSentTo() throws Exception {
        Endpoint endpoint = writer(OrderDispatcherTest::committed);
        OrderDispatcher dispatcher = dispatcher();
        assertInstanceOf(Committed.class, submit(dispatcher, TestOrders.order("1")));
        writers.remove(WRITER);
        get(endpoint.close());
        assertInstanceOf(NotStored.class, submit(dispatcher, TestOrders.order("1")));
    }

    @Test
    void aWriterThatDoesNotAnswerLeavesTheOutcomeUnknown() throws Exception {
        writer(batch -> Promise.<OutcomeBatch>promise().future());
        OrderDispatcher dispatcher = dispatcher(100, 1_000, 1 << 20, 100);
        submit(dispatcher, numbered(3)).forEach(outcome -> assertInstanceOf(Unknown.class, outcome));
        assertEquals(0, dispatcher.outstanding(), "what was given up is not outstanding");
    }

    @Test
    void aWriterThatFailsLeavesTheOutcomeUnknown() throws Exception {
        writer(batch -> Future.failedFuture("broken"));
        assertInstanceOf(Unknown.class, submit(dispatcher(), TestOrders.order("1")));
    }

    @Test
    void aReplyThatDoesNotFitItsMessageLeavesTheOutcomeUnknown() throws Exception {
        writer(batch -> Future.succeededFuture(new OutcomeBatch(List.of(new Committed(1)), 1)));
        OrderDispatcher dispatcher = dispatcher();
        submit(dispatcher, numbered(2)).forEach(outcome -> assertInstanceOf(Unknown.class, outcome));
        assertEquals(0, dispatcher.outstanding());
    }

    @Test
    void writersTakeTurns() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        for (String address : List.of("a", "b")) {
            get(Endpoint.<OrderBatch, OutcomeBatch>open(vertx, address, batch -> {
                heard.add(address);
                return committed(batch);
            }));
            writers.add(address);
        }
        OrderDispatcher dispatcher = dispatcher();
        for (int i = 0; i < 4; i++) {
            submit(dispatcher, TestOrders.order("1"));
        }
        assertEquals(List.of("a", "b", "a", "b"), heard);
    }

    /** At its address nothing consumes, so only a call can reach it. */
    private void neighbour(Context loop, Function<OrderBatch, Future<OutcomeBatch>> writing) {
        writers.add("no-consumer-here", loop, batch -> {
            assertEquals(context, Vertx.currentContext(), "called by the sender");
            messages.add(batch);
            return writing.apply(batch);
        });
    }

    @Test
    void aWriterOnTheSendersLoopIsCalled() throws Exception {
        neighbour(context, OrderDispatcherTest::committed);
        OrderDispatcher dispatcher = dispatcher();
        List<Outcome> outcomes = submit(dispatcher, numbered(3));
        assertEquals(List.of(new Committed(0), new Committed(1), new Committed(2)), outcomes);
        assertEquals(1, messages.size(), "the orders of one turn go together");
        assertEquals(0, dispatcher.outstanding());
        assertEquals(7, dispatcher.retryAfterSeconds());
    }

    @Test
    void aWriterOnAnotherLoopIsSentAMessage() throws Exception {
        neighbour(((VertxInternal) vertx).createEventLoopContext(), OrderDispatcherTest::committed);
        assertInstanceOf(NotStored.class, submit(dispatcher(), TestOrders.order("1")));
        assertEquals(List.of(), messages);
    }

    @Test
    void aCalledWriterThatFailsLeavesTheOutcomeUnknown() throws Exception {
        neighbour(context, batch -> {
            throw new IllegalStateException("broken");
        });
        OrderDispatcher dispatcher = dispatcher();
        assertInstanceOf(Unknown.class, submit(dispatcher, TestOrders.order("1")));
        assertEquals(0, dispatcher.outstanding());
    }

    @Test
    void whatFollowsACalledWritersAnswerIsOnTheSendersContext() throws Exception {
        Context writers = ((VertxInternal) vertx)
                .contextBuilder()
                .withEventLoop(((ContextInternal) context).nettyEventLoop())
                .build();
        Promise<OutcomeBatch> later = Promise.promise();
        neighbour(writers, batch -> later.future());
        List<Context> answered = new CopyOnWriteArrayList<>();
        OrderDispatcher dispatcher = dispatcher();
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> dispatcher.submit(TestOrders.order("1")).onComplete(settled -> {
            answered.add(Vertx.currentContext());
            done.complete();
        }));
        Await.until("it is called", () -> messages.size() == 1);
        writers.runOnContext(ignored -> committed(messages.get(0)).onComplete(later));
        get(done.future());
        assertEquals(List.of(context), answered);
    }

    @Test
    void aLookUpBringsWhatTheStoreHas() throws Exception {
        FoundOrder stored = new FoundOrder.Committed(new StoredOrder(TestOrders.order("k"), 5));
        get(Endpoint.<Lookup, Found>open(
                vertx,
                LOOKUP,
                lookup -> Future.succeededFuture(
                        new Found(lookup.id().equals(stored.order().id()) ? Optional.of(stored) : Optional.empty()))));
        OrderDispatcher dispatcher = dispatcher();
        assertEquals(
                Optional.of(stored),
                onLoop(() -> dispatcher.find("default", stored.order().id())));
        assertEquals(Optional.empty(), onLoop(() -> dispatcher.find("default", new UUID(1, 2))));
    }

    @Test
    void aLookUpWithoutAnAnswerFails() throws Exception {
        OrderDispatcher dispatcher = dispatcher(100, 1_000, 1 << 20, 100);
        assertFails(() -> dispatcher.find("default", new UUID(1, 2)));
        get(Endpoint.<Lookup, Found>open(
                vertx,
                LOOKUP,
                lookup -> lookup.account().equals("silent")
                        ? Promise.<Found>promise().future()
                        : Future.failedFuture(StoreFailure.notStored("away"))));
        assertFails(() -> dispatcher.find("default", new UUID(1, 2)));
        assertFails(() -> dispatcher.find("silent", new UUID(1, 2)));
    }

    private void assertFails(Supplier<Future<Optional<FoundOrder>>> lookup) throws Exception {
        try {
            throw new AssertionError("found " + onLoop(lookup));
        } catch (ExecutionException e) {
            assertTrue(e.getCause() != null);
        }
    }
}
