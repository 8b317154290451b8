package dev.sluice.writer;

import dev.sluice.metrics.CommitResult;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import dev.sluice.store.StoreFailure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A store that counts what passes: batches by size and result, and the time to their commit. */
final class MeteredStore implements OrderStore {

    private final OrderStore store;
    private final Metrics metrics;

    MeteredStore(OrderStore store, Metrics metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    @Override
    public Future<List<Outcome>> insert(List<Order> batch, Deadline deadline) {
        long sentNanos = System.nanoTime();
        metrics.batchOrders().record(batch.size());
        return store.insert(batch, deadline).onComplete(result -> count(result, sentNanos));
    }

    private void count(AsyncResult<List<Outcome>> result, long sentNanos) {
        metrics.batches().of(resultOf(result)).increment();
        if (result.succeeded()) {
            metrics.commitNanos().record(System.nanoTime() - sentNanos);
        }
    }

    private static CommitResult resultOf(AsyncResult<List<Outcome>> result) {
        if (result.succeeded()) {
            return CommitResult.COMMITTED;
        }
        if (!(result.cause() instanceof StoreFailure failure)) {
            return CommitResult.UNKNOWN;
        }
        return switch (failure.kind()) {
            case REFUSED -> CommitResult.REFUSED;
            case NOT_STORED -> CommitResult.NOT_STORED;
            case UNKNOWN -> CommitResult.UNKNOWN;
        };
    }

    @Override
    public Future<Optional<StoredOrder>> find(String account, UUID id, Deadline deadline) {
        return store.find(account, id, deadline);
    }

    @Override
    public boolean isUp() {
        return store.isUp();
    }

    @Override
    public Future<Void> close() {
        return store.close();
    }
}
