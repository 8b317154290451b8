package dev.sluice.store;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The overflow of a node that has none: takes nothing and holds nothing. Without state; any thread. */
public final class NoOverflow implements OverflowQueue {

    private static final Outcome OFF = new Outcome.NotStored("there is no overflow");

    @Override
    public boolean isUp() {
        return false;
    }

    @Override
    public long depth() {
        return 0;
    }

    @Override
    public Future<List<Outcome>> offer(List<Order> orders, Deadline deadline) {
        return Future.succeededFuture(Collections.nCopies(orders.size(), OFF));
    }

    @Override
    public Future<Map<UUID, Order>> find(Collection<UUID> ids, Deadline deadline) {
        return Future.succeededFuture(Map.of());
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
