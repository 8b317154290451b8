package dev.sluice.bus;

import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.FoundOrder;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.store.Deadline;
import dev.sluice.store.DeduplicatedOffer;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands orders to a writer and brings back each one's outcome. One per intake instance; called on its event loop.
 *
 * <p>Orders of one priority that are submitted during one event-loop turn leave together, at most {@code
 * bus.messageOrdersMax} a message. A send on the bus knows no backpressure, so what is outstanding is bounded in orders
 * ({@code bus.outstandingMax}) and in bytes ({@code writer.bufferBytesMax}); part of both is kept for lone orders. A
 * message that no writer answered goes to the overflow. Where that does not take it, an order that surely reached no
 * writer is {@code NotStored}, and one that was not answered within the bus deadline is {@code Unknown}.
 */
public final class OrderDispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(OrderDispatcher.class);

    private record Waiting(Order order, Promise<Settled> promise) {}

    /** One part in so many of both bounds is kept from bulk requests. */
    private static final int BULK_LEAVES = 4;

    /** Writers that one message is sent to, one after the other, while it is sure that none of them took it. */
    private static final int TRIES_MAX = 2;

    private static final int RETRY_AFTER_SECONDS_MAX = 30;

    private static final Outcome NO_WRITER = new Outcome.NotStored("no writer is running");
    private static final Outcome TOO_MANY = new Outcome.NotStored("too many orders are waiting for a writer");

    private static final Outcome NO_ANSWER = new Outcome.Unknown("the writer did not answer");
    private static final Outcome MISFIT = new Outcome.Unknown("the writer's answer does not fit the message");

    private final Context context;
    private final EventBus bus;
    private final WriterChoice writers;
    private final String lookupAddress;
    private final SluiceConfig config;
    private final Metrics metrics;
    private final DeliveryOptions local;
    private final DeliveryOptions remote;
    private final OverflowQueue overflow;

    private final Map<Priority, List<Waiting>> turns = new EnumMap<>(Priority.class);
    private long liveOrders;
    private int outstanding;
    private long outstandingBytes;
    private int retryAfterSeconds = 1;

    /** Made on its event loop, where it opens the overflow; {@link #close()} closes that. */
    public OrderDispatcher(
            Context context,
            WriterDirectory writers,
            String lookupAddress,
            Function<Vertx, OverflowQueue> overflows,
            SluiceConfig config,
            Metrics metrics) {
        this.context = context;
        this.bus = context.owner().eventBus();
        this.writers = new WriterChoice(
                writers, config.bus().writerOutstandingMax(), config.bus().deadlineMs());
        this.lookupAddress = lookupAddress;
        this.config = config;
        this.metrics = metrics;
        this.overflow = overflows.apply(context.owner());
        this.remote = new DeliveryOptions().setSendTimeout(config.bus().deadlineMs());
        this.local = new DeliveryOptions(remote).setLocalOnly(true);
    }

    /** Live orders submitted so far. */
    public long liveOrders() {
        return liveOrders;
    }

    /** The outcome of a lone order; never fails. */
    public Future<Settled> submit(Order order) {
        liveOrders++;
        return submit(order, Priority.LIVE);
    }

    /** The order's outcome; never fails. */
    public Future<Settled> submit(Order order, Priority priority) {
        if (outstanding >= config.bus().outstandingMax()
                || outstandingBytes + order.weightBytes() > config.writer().bufferBytesMax()) {
            metrics.refused().of(Bound.BUS_OUTSTANDING).increment();
            return Future.succeededFuture(untimed(TOO_MANY));
        }
        outstanding++;
        outstandingBytes += order.weightBytes();
        Promise<Settled> promise = Promise.promise();
        List<Waiting> turn = turns.computeIfAbsent(priority, first -> new ArrayList<>());
        if (turn.isEmpty()) {
            context.runOnContext(ignored -> sendTurn(priority));
        }
        turn.add(new Waiting(order, promise));
        return promise.future();
    }

    /**
     * Whether a sender that can wait should send now: it leaves the last quarter of both bounds to lone orders, which
     * cannot.
     */
    public boolean hasRoomForBulk() {
        return outstanding < Math.max(1, bulkPart(config.bus().outstandingMax()))
                && outstandingBytes < Math.max(1, bulkPart(config.writer().bufferBytesMax()));
    }

    private static long bulkPart(long max) {
        return max - max / BULK_LEAVES;
    }

    /** Orders sent or to be sent and not answered. */
    public int outstanding() {
        return outstanding;
    }

    /**
     * When an order that is refused now may be tried again, as the last writer that answered said, or, where none did,
     * after the overflow has emptied; seconds, at least 1.
     */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    private void sendTurn(Priority priority) {
        List<Waiting> sending = turns.getOrDefault(priority, List.of());
        turns.put(priority, new ArrayList<>());
        int max = config.bus().messageOrdersMax();
        for (int from = 0; from < sending.size(); from += max) {
            send(sending.subList(from, Math.min(sending.size(), from + max)), priority);
        }
    }

    private void send(List<Waiting> waiting, Priority priority) {
        Order[] orders = new Order[waiting.size()];
        Arrays.setAll(orders, i -> waiting.get(i).order());
        send(waiting, new OrderBatch(List.of(orders), priority), TRIES_MAX);
    }

    private void send(List<Waiting> waiting, OrderBatch batch, int tries) {
        int orders = waiting.size();
        Writer writer = tries == 0 ? null : writers.next(orders, System.nanoTime());
        if (writer == null) {
            offer(waiting, batch.orders(), NO_WRITER);
            return;
        }
        writers.sent(writer, orders, System.nanoTime());
        ask(writer, batch).onComplete(reply -> {
            writers.ended(writer, orders, reply.succeeded(), System.nanoTime());
            if (!writer.isLocal() && reply.failed() && isUnprocessed(reply.cause())) {
                send(waiting, batch, tries - 1);
            } else {
                settle(waiting, batch, reply);
            }
        });
    }

    /**
     * A writer on this very event loop is called: nothing is lost on that way, and it answers within its own deadlines,
     * which lie below that of the bus.
     */
    private Future<OutcomeBatch> ask(Writer writer, OrderBatch batch) {
        Function<OrderBatch, Future<OutcomeBatch>> neighbour = writer.asNeighbourOf(context);
        if (neighbour == null) {
            return bus.<Object>request(writer.address(), batch, writer.isLocal() ? local : remote)
                    .map(answer -> (OutcomeBatch) answer.body()); // fails, too, where it cannot be read
        }
        Promise<OutcomeBatch> answer = ((ContextInternal) context).promise(); // what follows is the sender's
        try {
            neighbour.apply(batch).onComplete(answer);
        } catch (RuntimeException error) {
            LOG.error("a writer failed over a message", error);
            answer.fail(error);
        }
        return answer.future();
    }

    private void settle(List<Waiting> waiting, OrderBatch sent, AsyncResult<OutcomeBatch> reply) {
        if (reply.failed()) {
            offer(waiting, sent.orders(), outcomeOf(reply.cause()));
            return;
        }
        OutcomeBatch outcomes = reply.result();
        if (outcomes.outcomes().size() != waiting.size()) {
            offer(waiting, sent.orders(), MISFIT);
            return;
        }
        retryAfterSeconds = outcomes.retryAfterSeconds();
        for (int i = 0; i < waiting.size(); i++) {
            settle(waiting.get(i), outcomes.settled(i));
        }
    }

    /** No writer answered. The orders stay outstanding until the overflow does. */
    private void offer(List<Waiting> waiting, List<Order> orders, Outcome otherwise) {
        if (!overflow.isUp()) {
            waiting.forEach(one -> settle(one, untimed(otherwise)));
            return;
        }
        Deadline deadline = Deadline.after(System.nanoTime(), config.overflow().deadlineMs());
        DeduplicatedOffer.offer(overflow, orders, deadline).onComplete(done -> {
            retryAfterSeconds = emptyingSeconds();
            for (int i = 0; i < waiting.size(); i++) {
                Outcome outcome =
                        DeduplicatedOffer.settled(otherwise, done.result().get(i));
                settle(waiting.get(i), untimed(outcome));
            }
        });
    }

    private int emptyingSeconds() {
        double seconds = Math.ceil(overflow.secondsToEmpty().orElse(1));
        return (int) Math.min(RETRY_AFTER_SECONDS_MAX, Math.max(1, seconds));
    }

    private Settled untimed(Outcome outcome) {
        return new Settled(outcome, retryAfterSeconds, 0, 0);
    }

    private void settle(Waiting one, Settled settled) {
        outstanding--;
        outstandingBytes -= one.order().weightBytes();
        one.promise().complete(settled);
    }

    /** Only of a message without a handler, and of one that could not be read, it is sure that no writer took it. */
    private static boolean isUnprocessed(Throwable error) {
        return error instanceof ReplyException reply
                && (reply.failureType() == ReplyFailure.NO_HANDLERS || reply.failureCode() == Endpoint.UNREADABLE);
    }

    private Outcome outcomeOf(Throwable error) {
        if (isUnprocessed(error)) {
            return NO_WRITER;
        }
        metrics.refused().of(Bound.BUS_DEADLINE).increment();
        return NO_ANSWER;
    }

    /** The order of that account and id, where it is; fails where the stores did not answer. */
    public Future<Optional<FoundOrder>> find(String account, UUID id) {
        return bus.<Found>request(lookupAddress, new Lookup(account, id), local)
                .map(reply -> reply.body().order());
    }

    /** Closes the overflow; what is being offered ends as unknown. */
    public Future<Void> close() {
        return overflow.close();
    }
}
