package dev.sluice.drain;

import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowOperations;
import dev.sluice.store.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's drain: its event loop, its timers, and connections of its own to both stores. One instance a node. What
 * operators ask is carried to the event loop; it fails while the drain does not run.
 */
public final class DrainVerticle extends VerticleBase implements OverflowOperations {

    private static final Logger LOG = LoggerFactory.getLogger(DrainVerticle.class);

    private static final long TICK_MS = 10;
    private static final long LOOK_MS = TimeUnit.SECONDS.toMillis(1);

    private final Function<Vertx, Stores> stores;
    private final SluiceConfig config;
    private final LiveOrders liveOrders;
    private final Metrics metrics;

    /**
     * What orders are moved between.
     *
     * @param store of the drain's own: live orders do not wait behind it
     */
    public record Stores(DrainQueue queue, DeadLetters deadLetters, OrderStore store) {

        Future<Void> close() {
            return store.close().eventually(deadLetters::close).eventually(queue::close);
        }
    }

    private final class LoopTime implements DrainLoop.Time {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long epochMs() {
            return System.currentTimeMillis();
        }

        @Override
        public void after(long ms, Runnable action) {
            vertx.setTimer(ms, id -> action.run());
        }
    }

    /** Null while the drain does not run. */
    private volatile @Nullable DrainLoop running;

    /**
     * The stores are opened on the verticle's event loop, and closed with it.
     *
     * @param liveOrders those of this node; asked on the verticle's event loop
     */
    public DrainVerticle(Function<Vertx, Stores> stores, SluiceConfig config, LiveOrders liveOrders, Metrics metrics) {
        this.stores = stores;
        this.config = config;
        this.liveOrders = liveOrders;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        DrainLoop drain = new DrainLoop(stores.apply(vertx), config, liveOrders, metrics, new LoopTime());
        running = drain;
        vertx.setPeriodic(TICK_MS, id -> drain.tick());
        vertx.setPeriodic(LOOK_MS, id -> look(drain));
        look(drain);
        drain.start();
        return Future.succeededFuture();
    }

    private static void look(DrainLoop drain) {
        drain.look().onFailure(error -> LOG.error("a look at the overflow failed", error));
    }

    /** Ends the step that is under way, then closes the stores. */
    @Override
    public Future<?> stop() {
        DrainLoop drain = running;
        running = null;
        return drain == null ? Future.succeededFuture() : drain.close();
    }

    @Override
    public Future<Status> status() {
        return onLoop(DrainLoop::status);
    }

    @Override
    public Future<DeadLetters.Page> deadLetters(@Nullable UUID after, int max, int bytesMax) {
        return onLoop(drain -> drain.deadLetters().list(after, max, bytesMax));
    }

    @Override
    public Future<Optional<DeadLetter>> deadLetter(UUID id) {
        return onLoop(drain -> drain.deadLetters().get(id));
    }

    @Override
    public Future<Optional<DeadLetter>> replay(UUID id) {
        return onLoop(drain -> drain.deadLetters().replay(id));
    }

    @Override
    public Future<Optional<DeadLetter>> discard(UUID id) {
        return onLoop(drain -> drain.deadLetters().discard(id));
    }

    private <T> Future<T> onLoop(Function<DrainLoop, Future<T>> work) {
        DrainLoop drain = running;
        if (drain == null) {
            return Future.failedFuture(StoreFailure.notStored("the drain is not running"));
        }
        Promise<T> result = Promise.promise();
        context.runOnContext(ignored -> work.apply(drain).onComplete(result));
        return result.future();
    }
}
