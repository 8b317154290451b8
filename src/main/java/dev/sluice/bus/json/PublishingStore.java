package dev.sluice.bus.json;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * A store whose commits are published at {@code orders.committed}, whether a writer or the drain made them. Owned by one
 * event loop, as the store is.
 */
public final class PublishingStore implements OrderStore {

    private final OrderStore store;
    private final CommittedOrders commits;

    /**
     * Publishes on the bus of that Vert.x, for which {@link #register} was called.
     *
     * @param followedElsewhere whether another node has a consumer
     */
    public PublishingStore(OrderStore store, Vertx vertx, BooleanSupplier followedElsewhere) {
        this.store = store;
        this.commits = new CommittedOrders(vertx, followedElsewhere);
    }

    /** Makes the bus of that Vert.x carry what is published; once per instance. */
    public static void register(Vertx vertx) {
        CommittedOrders.register(vertx);
    }

    @Override
    public boolean isUp() {
        return store.isUp();
    }

    @Override
    public Future<List<Outcome>> insert(List<Order> batch, Deadline deadline) {
        return store.insert(batch, deadline).onSuccess(outcomes -> commits.settled(batch, outcomes));
    }

    @Override
    public Future<Optional<StoredOrder>> find(String account, UUID id, Deadline deadline) {
        return store.find(account, id, deadline);
    }

    @Override
    public Future<Void> close() {
        return store.close();
    }
}
