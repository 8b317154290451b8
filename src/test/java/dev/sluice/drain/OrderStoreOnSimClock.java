package dev.sluice.drain;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Deadline;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.OrderStore;
import dev.sluice.store.SimClock;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A fake store for callers whose deadlines are on the system's clock: each gets a minute on the store's. */
record OrderStoreOnSimClock(FakeOrderStore store, SimClock clock) implements OrderStore {

    private static final long DEADLINE_MS = 60_000;

    @Override
    public boolean isUp() {
        return store.isUp();
    }

    @Override
    public Future<List<Outcome>> insert(List<Order> batch, Deadline deadline) {
        return store.insert(batch, clock.deadlineIn(DEADLINE_MS));
    }

    @Override
    public Future<Optional<StoredOrder>> find(String account, UUID id, Deadline deadline) {
        return store.find(account, id, clock.deadlineIn(DEADLINE_MS));
    }

    @Override
    public Future<Void> close() {
        return store.close();
    }
}
