package dev.sluice.store;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.FakeOrderStore.Fate;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The fake keeps the contract that it stands in for. */
class FakeOrderStoreTest extends OrderStoreContract {

    @Override
    protected Rig open() {
        return new FakeRig();
    }

    private static final class FakeRig implements Rig {

        private final SimClock clock = new SimClock();
        private final FakeOrderStore store = new FakeOrderStore(clock);

        @Override
        public boolean isUp() {
            return store.isUp();
        }

        @Override
        public List<Outcome> insert(List<Order> sorted, long deadlineMs) {
            return await(store.insert(sorted, clock.deadlineIn(deadlineMs)), deadlineMs);
        }

        @Override
        public Optional<StoredOrder> find(String account, UUID id, long deadlineMs) {
            return await(store.find(account, id, clock.deadlineIn(deadlineMs)), deadlineMs);
        }

        private <T> T await(Future<T> future, long deadlineMs) {
            clock.advanceMs(deadlineMs);
            if (future.failed()) {
                throw (StoreFailure) future.cause();
            }
            return future.result();
        }

        @Override
        public void stall() {
            store.plan(Fate.STALL, 0);
        }

        @Override
        public void resume() {
            store.plan(Fate.COMMIT, 1);
        }

        @Override
        public void drop(String customerId) {
            store.drop(order -> order.customerId().equals(customerId));
        }

        @Override
        public void closeStore() {
            close();
        }

        @Override
        public void close() {
            store.close().onComplete(done -> {});
        }
    }
}
