package dev.sluice.node;

import dev.sluice.config.SluiceConfig;
import dev.sluice.lookup.LookupVerticle;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.NoDeadLetters;
import dev.sluice.store.NoOverflow;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.postgres.PgOrderStore;
import dev.sluice.store.redis.RedisDeadLetters;
import dev.sluice.store.redis.RedisDrainQueue;
import dev.sluice.store.redis.RedisOverflow;
import io.vertx.core.Vertx;
import java.util.function.Function;

/**
 * How each part of a node opens its own connections to the stores, on its own event loop, all watched together.
 *
 * @param node its name for this run
 */
record StoreConnections(NodeOptions options, Stores watched, String node) {

    private static final int DRAIN_CONNECTIONS = 2;

    private SluiceConfig config() {
        return options.config();
    }

    Function<Vertx, OrderStore> writerStore() {
        return postgres(config().postgres().poolSize());
    }

    /** The drain has one batch in flight. */
    Function<Vertx, OrderStore> drainStore() {
        return postgres(DRAIN_CONNECTIONS);
    }

    LookupVerticle.Stores lookups() {
        return new LookupVerticle.Stores(postgres(config().postgres().lookupPoolSize()), overflow(), deadLetters());
    }

    private Function<Vertx, OrderStore> postgres(int connections) {
        return loop -> PgOrderStore.open(loop, config(), connections, watched.postgres());
    }

    Function<Vertx, OverflowQueue> overflow() {
        return options.hasOverflow()
                ? loop -> RedisOverflow.open(loop, options.redis(), watched.redis())
                : loop -> new NoOverflow();
    }

    /** Only of a node with an overflow. */
    Function<Vertx, DrainQueue> drainQueue() {
        return loop -> RedisDrainQueue.open(
                loop, options.redis(), watched.redis(), options.consumer(node), options.claimIdleMs());
    }

    Function<Vertx, DeadLetters> deadLetters() {
        return options.hasOverflow()
                ? loop -> RedisDeadLetters.open(loop, options.redis(), watched.redis())
                : loop -> new NoDeadLetters();
    }
}
