package dev.sluice.store;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * The durable queue that takes what PostgreSQL cannot take now: the side that orders go in by. Owned by one event
 * loop: called there, answers there.
 */
public interface OverflowQueue {

    /** Whether an offer made now has a connection to go to. */
    boolean isUp();

    /** Entries as far as is known, on this node's last look and by what it has added since. */
    long depth();

    /**
     * How long it takes to empty at the rate at which entries left of late, to wherever; seconds. Empty where none left,
     * which tells nothing.
     */
    default OptionalDouble secondsToEmpty() {
        return OptionalDouble.empty();
    }

    /**
     * Queues orders, synced before it answers, and tells each one's outcome, in their order: {@code Queued} (of an
     * entry that was there already with the same content: as a replay, with that entry), {@code Conflict} with an
     * entry of other content under the same id, {@code NotStored} where the queue is full, unsafe or away and was sent
     * nothing, {@code Unknown} where it was sent the order and did not answer in time. Never fails.
     *
     * @param orders at least one; ids unique
     */
    Future<List<Outcome>> offer(List<Order> orders, Deadline deadline);

    /**
     * The queued orders among those ids; an id that is not queued is absent.
     *
     * @return fails only with {@link StoreFailure}
     */
    Future<Map<UUID, Order>> find(Collection<UUID> ids, Deadline deadline);

    /** Closes every connection; outstanding calls fail or end as unknown. */
    Future<Void> close();

    /** The overflow of a node that has none: takes nothing and holds nothing. Without state; any thread. */
    final class None implements OverflowQueue {

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
}
