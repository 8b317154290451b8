package dev.sluice.bus;

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
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Hands orders to a writer and brings back each one's outcome. One per intake instance; called on its event loop.
 *
 * <p>Orders submitted during one event-loop turn leave together, at most {@code messageOrdersMax} a message. What is
 * outstanding is bounded, because a send on the bus knows no backpressure. A message that surely reached nobody is
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

    private static final Outcome NO_WRITER = new Outcome.NotStored("no writer is running");
    private static final Outcome NO_ANSWER = new Outcome.Unknown("the writer did not answer");
    private static final Outcome TOO_MANY = new Outcome.NotStored("too many orders are waiting for a writer");

    private final Context context;
    private final EventBus bus;
    private final WriterDirectory writers;
    private final String lookupAddress;
    private final Limits limits;
    private final DeliveryOptions delivery;

    private List<Waiting> turn = new ArrayList<>();
    private int outstanding;
    private long outstandingBytes;
    private int messages;
    private int retryAfterSeconds = 1;
    private int waitMicros;
    private int storeMicros;

    public OrderDispatcher(Context context, WriterDirectory writers, String lookupAddress, Limits limits) {
        this.context = context;
        this.bus = context.owner().eventBus();
        this.writers = writers;
        this.lookupAddress = lookupAddress;
        this.limits = limits;
        this.delivery = new DeliveryOptions().setSendTimeout(limits.deadlineMs());
    }

    /** The order's outcome; never fails. */
    public Future<Outcome> submit(Order order) {
        if (outstanding >= limits.outstandingMax()
                || outstandingBytes + order.weightBytes() > limits.outstandingBytesMax()) {
            timed(0, 0);
            return Future.succeededFuture(TOO_MANY);
        }
        outstanding++;
        outstandingBytes += order.weightBytes();
        Promise<Outcome> promise = Promise.promise();
        if (turn.isEmpty()) {
            context.runOnContext(ignored -> sendTurn());
        }
        turn.add(new Waiting(order, promise));
        return promise.future();
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

    private void sendTurn() {
        List<Waiting> sending = turn;
        turn = new ArrayList<>();
        for (int from = 0; from < sending.size(); from += limits.messageOrdersMax()) {
            send(sending.subList(from, Math.min(sending.size(), from + limits.messageOrdersMax())));
        }
    }

    private void send(List<Waiting> waiting) {
        String address = writers.pick(messages++);
        if (address == null) {
            settleAll(waiting, NO_WRITER);
            return;
        }
        OrderBatch batch = new OrderBatch(waiting.stream().map(Waiting::order).toList());
        bus.<OutcomeBatch>request(address, batch, delivery).onComplete(reply -> settle(waiting, reply));
    }

    private void settle(List<Waiting> waiting, AsyncResult<Message<OutcomeBatch>> reply) {
        if (reply.failed()) {
            settleAll(waiting, outcomeOf(reply.cause()));
            return;
        }
        OutcomeBatch outcomes = reply.result().body();
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
    private static Outcome outcomeOf(Throwable error) {
        boolean unprocessed = error instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
        return unprocessed ? NO_WRITER : NO_ANSWER;
    }

    /** The stored order of that account and id; fails where the stores did not answer. */
    public Future<Optional<StoredOrder>> find(String account, UUID id) {
        return bus.<Found>request(lookupAddress, new Lookup(account, id), delivery)
                .map(reply -> reply.body().orders().stream().findFirst());
    }
}
