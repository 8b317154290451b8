package dev.sluice.lookup;

import dev.sluice.bus.Endpoint;
import dev.sluice.bus.Found;
import dev.sluice.bus.Lookup;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.NoDeadLetters;
import dev.sluice.store.NoOverflow;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers look-ups from the stores, on connections of its own. */
public final class LookupVerticle extends VerticleBase {

    /**
     * Opens the stores, each on the verticle's event loop; the verticle closes them.
     *
     * @param overflows the overflow, of a node that has one
     * @param deadLetters the dead letters of that overflow
     */
    public record Stores(
            Function<Vertx, OrderStore> stores,
            Function<Vertx, OverflowQueue> overflows,
            Function<Vertx, DeadLetters> deadLetters) {}

    private final String address;
    private final Stores stores;
    private final long deadlineMs;
    private final long overflowDeadlineMs;

    private Search.@Nullable Places places;

    /** Of a node without an overflow. */
    public LookupVerticle(String address, Function<Vertx, OrderStore> stores, long deadlineMs) {
        this(address, new Stores(stores, loop -> new NoOverflow(), loop -> new NoDeadLetters()), deadlineMs, 0);
    }

    /** Both deadlines together are the longest that a look-up takes. */
    public LookupVerticle(String address, Stores stores, long deadlineMs, long overflowDeadlineMs) {
        this.address = address;
        this.stores = stores;
        this.deadlineMs = deadlineMs;
        this.overflowDeadlineMs = overflowDeadlineMs;
    }

    @Override
    public Future<?> start() {
        Search.Places opened = new Search.Places(
                stores.stores().apply(vertx),
                stores.overflows().apply(vertx),
                stores.deadLetters().apply(vertx),
                deadlineMs,
                overflowDeadlineMs);
        places = opened;
        Search search = new Search(opened, System::nanoTime);
        return Endpoint.<Lookup, Found>open(
                vertx, address, lookup -> search.find(lookup).map(Found::new));
    }

    @Override
    public Future<?> stop() {
        if (places == null) {
            return Future.succeededFuture();
        }
        return Future.join(
                places.store().close(),
                places.overflow().close(),
                places.deadLetters().close());
    }
}
