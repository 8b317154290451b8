package dev.sluice.bus;

import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.FoundOrder;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.store.Deadline;
import dev.sluice.store.DeduplicatedOffer;
import dev.sluice.store.NoOverflow;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Hands orders to a writer and brings back each one's outcome. One per intake instance; called on its event loop.
 *
 * <p>Orders of one lane submitted during one event-loop turn leave together, at most {@code messageOrdersMax} a message.
 * What is outstanding is bounded, because a send on the bus knows no backpressure; part of the bounds is kept for lone
 * orders. A message that no writer answered goes to the overflow; where that does not take it, an order that surely
 * reached nobody is {@code NotStored}, and one that was not answered within the bus deadline is {@code Unknown}.
 */
public final class OrderDispatcher {

    /**
     * Limits of one dispatcher.
     *
     * @param deadlineMs for the reply to a message
     * @param outstandingMax orders sent or to be sent and not answered
     * @param outstandingBytesMax their weight
     * @param messageOrdersMax orders in one message
     * @param overflowDeadlineMs for the overflow, where no writer answered
     */
    public record Limits(
            long deadlineMs,
            int outstandingMax,
            long outstandingBytesMax,
            int messageOrdersMax,
            long overflowDeadlineMs) {

        private static final long OVERFLOW_DEADLINE_MS = 800;

        public Limits(long deadlineMs, int outstandingMax, long outstandingBytesMax, int messageOrdersMax) {
            this(deadlineMs, outstandingMax, outstandingBytesMax, messageOrdersMax, OVERFLOW_DEADLINE_MS);
        }
    }

    private record Waiting(Order order, Promise<Outcome> promise) {}

    /** One part in so many is kept from bulk requests. */
    private static final int BULK_LEAVES = 4;

    private static final int RETRY_AFTER_SECONDS_MAX = 30;

    private static final Outcome NO_WRITER = new Outcome.NotStored("no writer is running");
    private static final Outcome TOO_MANY = new Outcome.NotStored("too many orders are waiting for a writer");

    private static final Outcome NO_ANSWER = new Outcome.Unknown("the writer did not answer");
    private static final Outcome MISFIT = new Outcome.Unknown("the writer's answer does not fit the message");

    private final Context context;
    private final EventBus bus;
    private final WriterDirectory writers;
    private final String lookupAddress;
    private final Limits limits;
    private final Metrics metrics;
    private final DeliveryOptions delivery;
    private final OverflowQueue overflow;

    private final Map<Priority, List<Waiting>> turns = new EnumMap<>(Priority.class);
    private long liveOrders;
    private int outstanding;
    private long outstandingBytes;
    private int messages;
    private int retryAfterSeconds = 1;
    private int waitMicros;
    private int storeMicros;

    /** A dispatcher without an overflow. */
    public OrderDispatcher(
            Context context, WriterDirectory writers, String lookupAddress, Limits limits, Metrics metrics) {
        this(context, writers, lookupAddress, vertx -> new NoOverflow(), limits, metrics);
    }

    /** Made on its event loop, where it opens the overflow; {@link #close()} closes that. */
    public OrderDispatcher(
            Context context,
            WriterDirectory writers,
            String lookupAddress,
            Function<Vertx, OverflowQueue> overflows,
            Limits limits,
            Metrics metrics) {
        this.context = context;
        this.bus = context.owner().eventBus();
        this.writers = writers;
        this.lookupAddress = lookupAddress;
        this.limits = limits;
        this.metrics = metrics;
        this.overflow = overflows.apply(context.owner());
        this.delivery = new DeliveryOptions().setSendTimeout(limits.deadlineMs());
    }

    /** Live orders submitted so far. */
    public long liveOrders() {
        return liveOrders;
    }

    /** The outcome of a lone order; never fails. */
    public Future<Outcome> submit(Order order) {
        liveOrders++;
        return submit(order, Priority.LIVE);
    }

    /** The order's outcome; never fails. */
    public Future<Outcome> submit(Order order, Priority lane) {
        if (outstanding >= limits.outstandingMax()
                || outstandingBytes + order.weightBytes() > limits.outstandingBytesMax()) {
            metrics.refused().of(Bound.BUS_OUTSTANDING).increment();
            timed(0, 0);
            return Future.succeededFuture(TOO_MANY);
        }
        outstanding++;
        outstandingBytes += order.weightBytes();
        Promise<Outcome> promise = Promise.promise();
        List<Waiting> turn = turns.computeIfAbsent(lane, first -> new ArrayList<>());
        if (turn.isEmpty()) {
            context.runOnContext(ignored -> sendTurn(lane));
        }
        turn.add(new Waiting(order, promise));
        return promise.future();
    }

    /**
     * Whether a sender that can wait should send now: it leaves the last quarter of both bounds to lone orders, which
     * cannot.
     */
    public boolean hasRoomForBulk() {
        return outstanding < Math.max(1, part(limits.outstandingMax()))
                && outstandingBytes < Math.max(1, part(limits.outstandingBytesMax()));
    }

    private static long part(long max) {
        return max - max / BULK_LEAVES;
    }

    /** Orders sent or to be sent and not answered. */
    public int outstanding() {
        return outstanding;
    }

    /**
     * When a refused order may be tried again, as the last writer that answered said, or, where none did, after the
     * overflow has emptied; seconds, at least 1.
     */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** How long the orders being settled waited in the writer; to be read when {@link #submit} completes. */
    public int waitMicros() {
        return waitMicros;
    }

    /** How long the store took over the orders being settled; to be read when {@link #submit} completes. */
    public int storeMicros() {
        return storeMicros;
    }

    private void timed(int waitMicros, int storeMicros) {
        this.waitMicros = waitMicros;
        this.storeMicros = storeMicros;
    }

    private void sendTurn(Priority lane) {
        List<Waiting> sending = turns.getOrDefault(lane, List.of());
        turns.put(lane, new ArrayList<>());
        for (int from = 0; from < sending.size(); from += limits.messageOrdersMax()) {
            send(sending.subList(from, Math.min(sending.size(), from + limits.messageOrdersMax())), lane);
        }
    }

    private void send(List<Waiting> waiting, Priority lane) {
        String address = writers.pick(messages++);
        if (address == null) {
            offer(waiting, orders(waiting), NO_WRITER);
            return;
        }
        OrderBatch batch = new OrderBatch(orders(waiting), lane);
        bus.<OutcomeBatch>request(address, batch, delivery).onComplete(reply -> settle(waiting, batch, reply));
    }

    private static List<Order> orders(List<Waiting> waiting) {
        return waiting.stream().map(Waiting::order).toList();
    }

    private void settle(List<Waiting> waiting, OrderBatch sent, AsyncResult<Message<OutcomeBatch>> reply) {
        if (reply.failed()) {
            offer(waiting, sent.orders(), outcomeOf(reply.cause()));
            return;
        }
        OutcomeBatch outcomes = reply.result().body();
        if (outcomes.outcomes().size() != waiting.size()) {
            offer(waiting, sent.orders(), MISFIT);
            return;
        }
        retryAfterSeconds = outcomes.retryAfterSeconds();
        timed(outcomes.waitMicros(), outcomes.storeMicros());
        for (int i = 0; i < waiting.size(); i++) {
            settle(waiting.get(i), outcomes.outcomes().get(i));
        }
    }

    /** No writer answered. The orders stay outstanding until the overflow does. */
    private void offer(List<Waiting> waiting, List<Order> orders, Outcome otherwise) {
        if (!overflow.isUp()) {
            settleAll(waiting, otherwise);
            return;
        }
        Deadline deadline = Deadline.after(System.nanoTime(), limits.overflowDeadlineMs());
        DeduplicatedOffer.offer(overflow, orders, deadline).onComplete(done -> {
            timed(0, 0);
            retryAfterSeconds = emptyingSeconds();
            for (int i = 0; i < waiting.size(); i++) {
                settle(
                        waiting.get(i),
                        DeduplicatedOffer.settled(otherwise, done.result().get(i)));
            }
        });
    }

    private int emptyingSeconds() {
        double seconds = Math.ceil(overflow.secondsToEmpty().orElse(1));
        return (int) Math.min(RETRY_AFTER_SECONDS_MAX, Math.max(1, seconds));
    }

    private void settleAll(List<Waiting> waiting, Outcome outcome) {
        timed(0, 0);
        waiting.forEach(one -> settle(one, outcome));
    }

    private void settle(Waiting one, Outcome outcome) {
        outstanding--;
        outstandingBytes -= one.order().weightBytes();
        one.promise().complete(outcome);
    }

    /** Only a message without a handler surely reached nobody. */
    private Outcome outcomeOf(Throwable error) {
        boolean unprocessed = error instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
        if (unprocessed) {
            return NO_WRITER;
        }
        metrics.refused().of(Bound.BUS_DEADLINE).increment();
        return NO_ANSWER;
    }

    /** The order of that account and id, where it is; fails where the stores did not answer. */
    public Future<Optional<FoundOrder>> find(String account, UUID id) {
        return bus.<Found>request(lookupAddress, new Lookup(account, id), delivery)
                .map(reply -> reply.body().orders().stream().findFirst());
    }

    /** Lets go of the overflow; what is being offered ends as unknown. */
    public Future<Void> close() {
        return overflow.close();
    }
}
