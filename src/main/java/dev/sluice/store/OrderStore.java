package dev.sluice.store;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The store whose rows mean "committed". Owned by one event loop: called there, answers there.
 */
public interface OrderStore {

    /** Whether a batch sent now has a connection to go to. */
    boolean isUp();

    /**
     * Inserts a batch in one transaction and tells each order's outcome: {@code Committed}, {@code Replayed}, {@code
     * Conflict} or, where it can judge the orders apart, {@code Refused}, in the order of the batch. All or nothing: on
     * failure no order of the batch is stored, or, where the {@link StoreFailure} says unknown, perhaps all of them.
     *
     * @param batch at least one order; ids unique and ascending, so that concurrent batches cannot deadlock
     * @param deadline after which the batch is given up as unknown
     * @return fails only with {@link StoreFailure}
     */
    Future<List<Outcome>> insert(List<Order> batch, Deadline deadline);

    /**
     * The committed order of that account and id.
     *
     * @return fails only with {@link StoreFailure}
     */
    Future<Optional<StoredOrder>> find(String account, UUID id, Deadline deadline);

    /** Closes every connection; outstanding calls fail. */
    Future<Void> close();
}
