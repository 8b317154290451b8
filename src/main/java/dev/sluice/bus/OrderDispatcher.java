package dev.sluice.bus;

import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Lane;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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

/**
 * Hands orders to a writer and brings back each one's outcome. One per intake instance; called on its event loop.
 *
 * <p>Orders of one lane submitted during one event-loop turn leave together, at most {@code messageOrdersMax} a message.
 * What is outstanding is bounded, because a send on the bus knows no backpressure; part of the bounds is kept for lone
 * orders. A message that surely reached nobody is
 * {@code NotStored}; one that was not answered within the bus deadline is {@code Unknown}.
 */
public final class OrderDispatcher {

    /**
     * Limits of one dispatcher.
     *
     * @param deadlineMs for the reply to a message
     * @param outstandingMax orders sent or to be sent and not answered
     * @param outstandingBytesMax their weight
     * @param messageOrdersMax orders in one message
     */
    public record Limits(long deadlineMs, int outstandingMax, long outstandingBytesMax, int messageOrdersMax) {}

    private record Waiting(Order order, Promise<Outcome> promise) {}

    /** One part in so many is kept from bulk requests. */
    private static final int BULK_LEAVES = 4;

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

    private final Map<Lane, List<Waiting>> turns = new EnumMap<>(Lane.class);
    private int outstanding;
    private long outstandingBytes;
    private int messages;
    private int retryAfterSeconds = 1;
    private int waitMicros;
    private int storeMicros;

    public OrderDispatcher(
            Context context, WriterDirectory writers, String lookupAddress, Limits limits, Metrics metrics) {
        this.context = context;
        this.bus = context.owner().eventBus();
        this.writers = writers;
        this.lookupAddress = lookupAddress;
        this.limits = limits;
        this.metrics = metrics;
        this.delivery = new DeliveryOptions().setSendTimeout(limits.deadlineMs());
    }

    /** The outcome of a lone order; never fails. */
    public Future<Outcome> submit(Order order) {
        return submit(order, Lane.LIVE);
    }

    /** The order's outcome; never fails. */
    public Future<Outcome> submit(Order order, Lane lane) {
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

    /** When a refused order may be tried again, as the last writer that answered said; seconds, at least 1. */
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

    private void sendTurn(Lane lane) {
        List<Waiting> sending = turns.getOrDefault(lane, List.of());
        turns.put(lane, new ArrayList<>());
        for (int from = 0; from < sending.size(); from += limits.messageOrdersMax()) {
            send(sending.subList(from, Math.min(sending.size(), from + limits.messageOrdersMax())), lane);
        }
    }

    private void send(List<Waiting> waiting, Lane lane) {
        String address = writers.pick(messages++);
        if (address == null) {
            settleAll(waiting, NO_WRITER);
            return;
        }
        OrderBatch batch = new OrderBatch(waiting.stream().map(Waiting::order).toList(), lane);
        bus.<OutcomeBatch>request(address, batch, delivery).onComplete(reply -> settle(waiting, reply));
    }

    private void settle(List<Waiting> waiting, AsyncResult<Message<OutcomeBatch>> reply) {
        if (reply.failed()) {
            settleAll(waiting, outcomeOf(reply.cause()));
            return;
        }
        OutcomeBatch outcomes = reply.result().body();
        if (outcomes.outcomes().size() != waiting.size()) {
            settleAll(waiting, MISFIT);
            return;
        }
        retryAfterSeconds = outcomes.retryAfterSeconds();
        timed(outcomes.waitMicros(), outcomes.storeMicros());
        for (int i = 0; i < waiting.size(); i++) {
            settle(waiting.get(i), outcomes.outcomes().get(i));
        }
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

    /** The stored order of that account and id; fails where the stores did not answer. */
    public Future<Optional<StoredOrder>> find(String account, UUID id) {
        return bus.<Found>request(lookupAddress, new Lookup(account, id), delivery)
                .map(reply -> reply.body().orders().stream().findFirst());
    }
}
