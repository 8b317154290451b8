package dev.sluice.node;

import dev.sluice.bus.json.PublishingStore;
import dev.sluice.config.SluiceConfig;
import dev.sluice.drain.DrainVerticle;
import dev.sluice.lookup.LookupStores;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.postgres.PgOrderStore;
import dev.sluice.store.redis.RedisDeadLetters;
import dev.sluice.store.redis.RedisDrainQueue;
import dev.sluice.store.redis.RedisOverflow;
import dev.sluice.wire.Forms;
import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * How each part of a node opens its own connections to the stores, on its own event loop, all watched together.
 *
 * @param node its name for this run
 * @param forms of what is queued
 * @param commitsFollowedElsewhere whether a consumer on another node follows the commits
 */
record StoreConnections(
        SluiceConfig config, Stores watched, String node, Forms forms, BooleanSupplier commitsFollowedElsewhere) {

    private static final int DRAIN_CONNECTIONS = 2;

    Function<Vertx, OrderStore> writerStore() {
        return published(postgres(config.postgres().poolSize()));
    }

    /** Commits are published where something can follow them. */
    private Function<Vertx, OrderStore> published(Function<Vertx, OrderStore> store) {
        return config.speaksJsonOnTheBus()
                ? loop -> new PublishingStore(store.apply(loop), loop, commitsFollowedElsewhere)
                : store;
    }

    Function<Vertx, LookupStores> lookups() {
        Function<Vertx, OrderStore> store = postgres(config.postgres().lookupPoolSize());
        return loop -> new LookupStores(
                store.apply(loop), overflow().apply(loop), deadLetters().apply(loop));
    }

    private Function<Vertx, OrderStore> postgres(int connections) {
        return loop -> PgOrderStore.open(loop, config, connections, watched.postgres());
    }

    Function<Vertx, OverflowQueue> overflow() {
        return config.hasOverflow()
                ? loop -> RedisOverflow.open(loop, config, watched.redis(), forms)
                : loop -> new OverflowQueue.None();
    }

    /**
     * Only of a node with an overflow. The drain has one batch in flight.
     *
     * @param drainsHere whether this node is to drain; asked on the drain's event loop
     */
    Function<Vertx, DrainVerticle.Stores> drain(BooleanSupplier drainsHere) {
        Function<Vertx, OrderStore> store = published(postgres(DRAIN_CONNECTIONS));
        return loop -> new DrainVerticle.Stores(
                RedisDrainQueue.openLeased(loop, config, watched.redis(), node, drainsHere, forms),
                deadLetters().apply(loop),
                store.apply(loop));
    }

    private Function<Vertx, DeadLetters> deadLetters() {
        return config.hasOverflow()
                ? loop -> RedisDeadLetters.open(loop, config, watched.redis(), forms)
                : loop -> new DeadLetters.None();
    }
}
