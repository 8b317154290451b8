package dev.sluice.store.redis;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** One after the other: a WATCH belongs to a connection, and any transaction on it ends it. One event loop. */
final class Turns {

    private Future<?> last = Future.succeededFuture();

    <T> Future<T> next(Supplier<Future<T>> work) {
        Future<T> mine = last.transform(before -> work.get());
        last = mine;
        return mine;
    }
}
