package dev.sluice.lookup;

import dev.sluice.bus.LookupEndpoint;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers look-ups from the store, on connections of its own. */
public final class LookupVerticle extends VerticleBase {

    private final String address;
    private final Function<Vertx, OrderStore> stores;
    private final long deadlineMs;

    private @Nullable OrderStore store;

    public LookupVerticle(String address, Function<Vertx, OrderStore> stores, long deadlineMs) {
        this.address = address;
        this.stores = stores;
        this.deadlineMs = deadlineMs;
    }

    @Override
    public Future<?> start() {
        OrderStore opened = stores.apply(vertx);
        store = opened;
        return LookupEndpoint.open(
                vertx,
                address,
                lookup -> opened.find(lookup.account(), lookup.id(), Deadline.after(System.nanoTime(), deadlineMs)));
    }

    @Override
    public Future<?> stop() {
        return store == null ? Future.succeededFuture() : store.close();
    }
}
