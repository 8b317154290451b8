package dev.sluice.drain;

import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowOperations;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node's drain: its event loop, its timers, and connections of its own to both stores. One instance a node. */
public final class DrainVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(DrainVerticle.class);

    private static final long TICK_MS = 10;
    private static final long LOOK_MS = TimeUnit.SECONDS.toMillis(1);

    private final Function<Vertx, DrainQueue> queues;
    private final Function<Vertx, DeadLetters> deadLetters;
    private final Function<Vertx, OrderStore> stores;
    private final SluiceConfig config;
    private final LiveOrders liveOrders;
    private final Metrics metrics;
    private final DrainOperations desk = new DrainOperations();

    private @Nullable Opened opened;

    private record Opened(DrainLoop drain, DrainQueue queue, DeadLetters deadLetters, OrderStore store) {

        Future<Void> close() {
            return drain.stop()
                    .eventually(store::close)
                    .eventually(deadLetters::close)
                    .eventually(queue::close);
        }
    }

    /**
     * The stores are opened on the verticle's event loop, and closed with it.
     *
     * @param liveOrders those of this node; asked on the verticle's event loop
     */
    public DrainVerticle(
            Function<Vertx, DrainQueue> queues,
            Function<Vertx, DeadLetters> deadLetters,
            Function<Vertx, OrderStore> stores,
            SluiceConfig config,
            LiveOrders liveOrders,
            Metrics metrics) {
        this.queues = queues;
        this.deadLetters = deadLetters;
        this.stores = stores;
        this.config = config;
        this.liveOrders = liveOrders;
        this.metrics = metrics;
    }

    /** For the admin listener. May be asked for before the verticle is deployed. */
    public OverflowOperations operations() {
        return desk;
    }

    @Override
    public Future<?> start() {
        Opened open = open();
        opened = open;
        desk.open(context, open.drain(), open.deadLetters());
        vertx.setPeriodic(TICK_MS, id -> open.drain().tick());
        vertx.setPeriodic(LOOK_MS, id -> look(open.drain()));
        look(open.drain());
        open.drain().start();
        return Future.succeededFuture();
    }

    private Opened open() {
        DrainQueue queue = queues.apply(vertx);
        DeadLetters letters = deadLetters.apply(vertx);
        OrderStore store = stores.apply(vertx);
        DrainLoop drain = new DrainLoop(
                queue,
                letters,
                store,
                config,
                liveOrders,
                metrics,
                System::nanoTime,
                System::currentTimeMillis,
                (ms, action) -> vertx.setTimer(ms, id -> action.run()));
        return new Opened(drain, queue, letters, store);
    }

    private static void look(DrainLoop drain) {
        drain.look().onFailure(error -> LOG.error("a look at the overflow failed", error));
    }

    /** Ends the step that is under way, then lets go of the stores. */
    @Override
    public Future<?> stop() {
        desk.close();
        return opened == null ? Future.succeededFuture() : opened.close();
    }
}
