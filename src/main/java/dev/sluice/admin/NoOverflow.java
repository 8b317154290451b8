package dev.sluice.admin;

import dev.sluice.store.DeadLetters.DeadLetter;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Says so, whatever it is asked. */
final class NoOverflow implements OverflowOperations {

    @Override
    public Future<Status> status() {
        return Future.failedFuture(new Disabled());
    }

    @Override
    public Future<List<DeadLetter>> deadLetters(@Nullable UUID after, int max) {
        return Future.failedFuture(new Disabled());
    }

    @Override
    public Future<Optional<DeadLetter>> deadLetter(UUID id) {
        return Future.failedFuture(new Disabled());
    }

    @Override
    public Future<Optional<DeadLetter>> replay(UUID id) {
        return Future.failedFuture(new Disabled());
    }

    @Override
    public Future<Optional<DeadLetter>> discard(UUID id) {
        return Future.failedFuture(new Disabled());
    }
}
