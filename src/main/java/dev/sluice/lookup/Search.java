package dev.sluice.lookup;

import dev.sluice.bus.Lookup;
import dev.sluice.config.SluiceConfig;
import dev.sluice.order.FoundOrder;
import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.Deadline;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks for an order where it may be, in the order in which it moves: PostgreSQL, overflow, dead letters, and PostgreSQL
 * again, because it may have been committed while the others were asked. Owned by one event loop.
 *
 * <p>A row outranks an entry, and an entry a dead letter. "Not found" is an answer only where all were asked and answered.
 * An entry is an answer though PostgreSQL is silent: queued means not known to be committed. A dead letter is not: a row
 * under its key would outrank it.
 */
final class Search {

    private final LookupStores stores;
    private final SluiceConfig config;
    private final LongSupplier nanoClock;

    /** A search that takes at most the store deadline and the overflow deadline together. */
    Search(LookupStores stores, SluiceConfig config, LongSupplier nanoClock) {
        this.stores = stores;
        this.config = config;
        this.nanoClock = nanoClock;
    }

    /** The order where it is; empty where every place answered that it has none. Fails where too few answered. */
    Future<Optional<FoundOrder>> find(Lookup lookup) {
        return row(lookup)
                .transform(first ->
                        first.succeeded() && first.result().isPresent() ? done(first) : elsewhere(lookup, first));
    }

    private static <T> Future<T> done(AsyncResult<T> result) {
        return result.succeeded() ? Future.succeededFuture(result.result()) : Future.failedFuture(result.cause());
    }

    private Future<Optional<FoundOrder>> row(Lookup lookup) {
        return stores.store()
                .find(lookup.account(), lookup.id(), deadline(config.writer().deadlineMs() / 2))
                .map(found -> found.map(FoundOrder.Committed::new));
    }

    private Deadline deadline(long ms) {
        return Deadline.after(nanoClock.getAsLong(), ms);
    }

    private Future<Optional<FoundOrder>> elsewhere(Lookup lookup, AsyncResult<Optional<FoundOrder>> first) {
        Deadline deadline = deadline(config.overflow().deadlineMs());
        return entry(lookup, deadline)
                .transform(entry ->
                        entry.succeeded() && entry.result().isPresent() ? done(entry) : dead(lookup, deadline, entry))
                .transform(found -> first.failed() ? unlessQueued(found, first) : again(lookup, found));
    }

    /** Where the overflow did not answer, a dead letter is none either: an entry would outrank it. */
    private Future<Optional<FoundOrder>> dead(
            Lookup lookup, Deadline deadline, AsyncResult<Optional<FoundOrder>> entry) {
        return entry.failed() ? done(entry) : deadLetter(lookup, deadline);
    }

    /** PostgreSQL did not answer, and is not asked once more. */
    private static Future<Optional<FoundOrder>> unlessQueued(
            AsyncResult<Optional<FoundOrder>> found, AsyncResult<Optional<FoundOrder>> first) {
        boolean queued = found.succeeded()
                && found.result().filter(FoundOrder.Queued.class::isInstance).isPresent();
        return done(queued ? found : first);
    }

    private Future<Optional<FoundOrder>> again(Lookup lookup, AsyncResult<Optional<FoundOrder>> found) {
        return row(lookup).transform(second -> {
            if (second.failed()) {
                return unlessQueued(found, second);
            }
            return done(second.result().isPresent() ? second : found);
        });
    }

    private Future<Optional<FoundOrder>> entry(Lookup lookup, Deadline deadline) {
        return stores.overflow()
                .find(List.of(lookup.id()), deadline)
                .map(found -> Optional.ofNullable(found.get(lookup.id()))
                        .filter(order -> isOf(lookup, order))
                        .map(FoundOrder.Queued::new));
    }

    private Future<Optional<FoundOrder>> deadLetter(Lookup lookup, Deadline deadline) {
        return stores.deadLetters()
                .ofOrder(lookup.id(), deadline)
                .map(letters -> letters.stream()
                        .filter(letter -> isOf(lookup, letter.order()))
                        .max(Comparator.comparing((DeadLetter letter) -> !letter.discarded())
                                .thenComparing(DeadLetter::diedAtMicros))
                        .map(letter -> new FoundOrder.Dead(letter.order(), letter.saidToClient(), letter.discarded())));
    }

    private static boolean isOf(Lookup lookup, Order order) {
        return order.account().equals(lookup.account());
    }
}
