package dev.sluice.drain;

import dev.sluice.store.DeadLetters;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.OverflowOperations;
import dev.sluice.store.StoreFailure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What operators ask, carried to the drain's event loop. Before the drain has started everything fails. Any thread. */
final class DrainOperations implements OverflowOperations {

    /** What is worked on, once it is there. */
    private record Desk(Context loop, DrainLoop drain, DeadLetters deadLetters) {}

    private volatile @Nullable Desk desk;

    void open(Context loop, DrainLoop drain, DeadLetters deadLetters) {
        desk = new Desk(loop, drain, deadLetters);
    }

    void close() {
        desk = null;
    }

    @Override
    public Future<Status> status() {
        return on(open -> open.drain().look().map(looked -> status(open.drain())));
    }

    private static Status status(DrainLoop drain) {
        OverflowWatch watch = drain.watch();
        return new Status(
                watch.isUp(),
                watch.last().entries(),
                watch.oldestSeconds(),
                watch.last().deadLetters(),
                watch.drainedTotal(),
                drain.state().label());
    }

    @Override
    public Future<List<DeadLetter>> deadLetters(@Nullable UUID after, int max) {
        return on(open -> open.deadLetters().list(after, max));
    }

    @Override
    public Future<Optional<DeadLetter>> deadLetter(UUID id) {
        return on(open -> open.deadLetters().get(id));
    }

    @Override
    public Future<Optional<DeadLetter>> replay(UUID id) {
        return on(open -> open.deadLetters().replay(id));
    }

    @Override
    public Future<Optional<DeadLetter>> discard(UUID id) {
        return on(open -> open.deadLetters().discard(id));
    }

    private <T> Future<T> on(Function<Desk, Future<T>> work) {
        Desk open = desk;
        if (open == null) {
            return Future.failedFuture(StoreFailure.notStored("the drain is not running"));
        }
        Promise<T> result = Promise.promise();
        open.loop().runOnContext(ignored -> work.apply(open).onComplete(result));
        return result.future();
    }
}
