package dev.sluice.lookup;

import dev.sluice.bus.Endpoint;
import dev.sluice.bus.Found;
import dev.sluice.bus.Lookup;
import dev.sluice.config.SluiceConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers look-ups from the stores, on connections of its own. */
public final class LookupVerticle extends VerticleBase {

    private static final long POLL_MS = 5;

    /** How long a start waits for PostgreSQL, so that the first look-up of a ready node finds a connection. */
    private static final long CONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String address;
    private final Function<Vertx, LookupStores> stores;
    private final SluiceConfig config;

    private @Nullable LookupStores opened;

    /** The stores are opened on the verticle's event loop, and closed by it. */
    public LookupVerticle(String address, Function<Vertx, LookupStores> stores, SluiceConfig config) {
        this.address = address;
        this.stores = stores;
        this.config = config;
    }

    @Override
    public Future<?> start() {
        LookupStores open = stores.apply(vertx);
        opened = open;
        Search search = new Search(open, config, System::nanoTime);
        return Endpoint.<Lookup, Found>openLocal(
                        vertx, address, lookup -> search.find(lookup).map(Found::new))
                .compose(consuming -> connected(open));
    }

    private Future<Void> connected(LookupStores open) {
        long began = System.nanoTime();
        Promise<Void> connected = Promise.promise();
        vertx.setPeriodic(0, POLL_MS, id -> {
            boolean over = open.store().isUp() || System.nanoTime() - began > CONNECT_NANOS;
            if (over && vertx.cancelTimer(id)) {
                connected.complete();
            }
        });
        return connected.future();
    }

    @Override
    public Future<?> stop() {
        return opened == null ? Future.succeededFuture() : opened.close();
    }
}
