package dev.sluice.writer;

import dev.sluice.batch.Batch;
import dev.sluice.config.WriterConfig;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Settles the keyed orders of a batch that are queued already, before PostgreSQL sees them: the same content is a
 * replay, other content a conflict. Where the overflow does not answer, nothing is found.
 */
final class QueuedCheck {

    private static final Outcome CONFLICT = new Outcome.Conflict();

    /** The look into the overflow gets this part of the waiting bound. */
    private static final int LOOK_PARTS = 3;

    private final OrderStore store;
    private final OverflowWriter overflow;
    private final WriterConfig config;

    QueuedCheck(OrderStore store, OverflowWriter overflow, WriterConfig config) {
        this.store = store;
        this.overflow = overflow;
        this.config = config;
    }

    /**
     * What is left of the batch.
     *
     * @param oldestNanos when its oldest order arrived; the store deadline of all counts from there
     */
    Future<Batch<PendingOrder>> settle(Batch<PendingOrder> batch, long oldestNanos, long nowNanos) {
        List<UUID> ids = batch.leaders().stream()
                .map(PendingOrder::order)
                .filter(order -> order.clientOrderId() != null)
                .map(Order::id)
                .toList();
        if (ids.isEmpty()) {
            return Future.succeededFuture(batch);
        }
        long leftMs = Deadline.after(oldestNanos, config.deadlineMs()).remainingMs(nowNanos);
        Deadline deadline = Deadline.after(nowNanos, Math.min(leftMs, config.waitMaxMs() / LOOK_PARTS));
        return overflow.find(ids, deadline)
                .compose(queued ->
                        queued.isEmpty() ? Future.succeededFuture(batch) : settle(batch, queued, deadline, nowNanos));
    }

    private Future<Batch<PendingOrder>> settle(
            Batch<PendingOrder> batch, Map<UUID, Order> queued, Deadline deadline, long sentNanos) {
        Batch<PendingOrder> rest = new Batch<>(new ArrayList<>(), new ArrayList<>(), batch.rivals());
        List<Future<?>> settled = new ArrayList<>();
        for (int i = 0; i < batch.leaders().size(); i++) {
            PendingOrder leader = batch.leaders().get(i);
            List<PendingOrder> followers = batch.followers().get(i);
            Order entry = queued.get(leader.order().id());
            if (entry == null) {
                rest.leaders().add(leader);
                rest.followers().add(followers);
            } else {
                settled.add(against(entry, leader.order(), deadline)
                        .onSuccess(outcome -> BatchSettlement.settle(leader, followers, outcome, sentNanos)));
            }
        }
        return Future.join(settled).map(rest);
    }

    /** A row of the same content outranks an entry of another, which will not become one. */
    private Future<Outcome> against(Order entry, Order order, Deadline deadline) {
        if (entry.fingerprint().equals(order.fingerprint())) {
            return Future.succeededFuture(new Outcome.Queued(entry, true));
        }
        return store.find(order.account(), order.id(), deadline)
                .map(row -> row.filter(stored -> stored.order().fingerprint().equals(order.fingerprint()))
                        .<Outcome>map(Outcome.Replayed::new)
                        .orElse(CONFLICT))
                .otherwise(CONFLICT);
    }
}
