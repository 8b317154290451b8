package dev.sluice.node;

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
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * How each part of a node opens its own connections to the stores, on its own event loop, all watched together.
 *
 * @param node its name for this run
 */
record StoreConnections(SluiceConfig config, Stores watched, String node) {

    private static final int DRAIN_CONNECTIONS = 2;

    Function<Vertx, OrderStore> writerStore() {
        return postgres(config.postgres().poolSize());
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
                ? loop -> RedisOverflow.open(loop, config, watched.redis())
                : loop -> new OverflowQueue.None();
    }

    /** Only of a node with an overflow. The drain has one batch in flight. */
    Function<Vertx, DrainVerticle.Stores> drain() {
        Function<Vertx, OrderStore> store = postgres(DRAIN_CONNECTIONS);
        return loop -> new DrainVerticle.Stores(
                RedisDrainQueue.open(loop, config, watched.redis(), consumer(), config.claimIdleMs()),
                deadLetters().apply(loop),
                store.apply(loop));
    }

    /**
     * Who reads the queue: the same after a restart, so that what was read and not settled is read again at once. Where
     * ports are any free ones the run's own name, and what an earlier run left is claimed when it has been idle.
     */
    private String consumer() {
        int port = config.http().port();
        int adminPort = config.admin().port();
        return port == 0 || adminPort == 0 ? node : hostName().orElse(node) + "-" + port + "-" + adminPort;
    }

    private static Optional<String> hostName() {
        try {
            return Optional.of(
                    Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        } catch (IOException e) {
            return Optional.empty(); // no Linux
        }
    }

    private Function<Vertx, DeadLetters> deadLetters() {
        return config.hasOverflow()
                ? loop -> RedisDeadLetters.open(loop, config, watched.redis())
                : loop -> new DeadLetters.None();
    }
}
