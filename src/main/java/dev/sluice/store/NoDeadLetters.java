package dev.sluice.store;

import dev.sluice.order.Order;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The dead letters of a node without an overflow: there are none. Without state; any thread. */
public final class NoDeadLetters implements DeadLetters {

    @Override
    public Future<List<DeadLetter>> list(@Nullable UUID after, int max) {
        return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Optional<DeadLetter>> get(UUID id) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<List<DeadLetter>> ofOrder(UUID orderId, Deadline deadline) {
        return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Optional<DeadLetter>> replay(UUID id) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Optional<DeadLetter>> discard(UUID id) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Void> resolve(List<Order> committed) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
