package dev.sluice.store;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Inserts a batch so that an order which the store refuses costs only itself: a refused batch is halved until the
 * culprit stands alone, and its neighbours commit.
 */
public final class Bisection {

    /** Inserts one batch whole, as {@link OrderStore#insert}. */
    @FunctionalInterface
    public interface Insert {
        Future<List<Outcome>> insert(List<Order> batch, Deadline deadline);
    }

    private Bisection() {}

    /** Each order's outcome, in the order of the batch. Never fails: a failure is the outcome of the orders it hit. */
    public static Future<List<Outcome>> insert(Insert store, List<Order> batch, Deadline deadline) {
        return store.insert(batch, deadline).recover(error -> afterFailure(store, batch, deadline, error));
    }

    private static Future<List<Outcome>> afterFailure(
            Insert store, List<Order> batch, Deadline deadline, Throwable error) {
        boolean refused = error instanceof StoreFailure failure && failure.kind() == StoreFailure.Kind.REFUSED;
        if (refused && batch.size() > 1) {
            return insertHalved(store, batch, deadline);
        }
        return Future.succeededFuture(
                Collections.nCopies(batch.size(), StoreFailure.of(error).outcome()));
    }

    /**
     * As {@link #insert}, in two batches at once: where the store has connections for both, one is written while the other
     * is made.
     *
     * @param batch at least two orders
     */
    public static Future<List<Outcome>> insertHalved(Insert store, List<Order> batch, Deadline deadline) {
        int half = batch.size() / 2;
        Future<List<Outcome>> first = insert(store, batch.subList(0, half), deadline);
        Future<List<Outcome>> second = insert(store, batch.subList(half, batch.size()), deadline);
        return first.compose(left -> second.map(right -> {
            List<Outcome> outcomes = new ArrayList<>(left);
            outcomes.addAll(right);
            return outcomes;
        }));
    }
}
