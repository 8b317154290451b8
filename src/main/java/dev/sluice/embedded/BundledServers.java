package dev.sluice.embedded;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both servers of one data directory, started and stopped side by side: a first start waits for processors and disk,
 * not twice for either. Every method blocks; any thread, one at a time.
 */
public final class BundledServers {

    private static final Logger LOG = LoggerFactory.getLogger(BundledServers.class);

    private final BundledPostgres postgres;
    private final @Nullable BundledRedis redis;

    private BundledServers(BundledPostgres postgres, @Nullable BundledRedis redis) {
        this.postgres = postgres;
        this.redis = redis;
    }

    /**
     * Starts both, or PostgreSQL alone.
     *
     * @param entriesMax orders that Redis is to have room for; 0 for no Redis
     * @throws BundledServerException of the one that did not start; the other is stopped
     */
    public static BundledServers start(DataDirectory directory, long entriesMax) {
        CompletableFuture<@Nullable BundledRedis> redis = CompletableFuture.supplyAsync(
                () -> entriesMax > 0 ? redis(directory, entriesMax) : null, BundledServers::run);
        BundledPostgres postgres = null;
        try {
            postgres = BundledPostgres.start(directory, BundledServer.Options.defaults());
            return new BundledServers(postgres, redis.join());
        } catch (CompletionException e) {
            stopQuietly(postgres);
            throw e.getCause() instanceof BundledServerException known ? known : e;
        } catch (RuntimeException e) {
            redis.thenAccept(BundledServers::stopQuietly)
                    .exceptionally(ignored -> null)
                    .join();
            throw e;
        }
    }

    private static BundledRedis redis(DataDirectory directory, long entriesMax) {
        String bytes = Long.toString(RedisSettings.memoryBytes(entriesMax));
        return BundledRedis.start(directory, BundledServer.Options.defaults().with("maxmemory", bytes));
    }

    /** A thread of its own: the common pool's stop with the JVM and are too few on a small machine. */
    private static void run(Runnable task) {
        Thread thread = new Thread(task, "sluice-bundled-redis");
        thread.setDaemon(true);
        thread.start();
    }

    public BundledPostgres postgres() {
        return postgres;
    }

    /** Null where it was not asked for. */
    public @Nullable BundledRedis redis() {
        return redis;
    }

    /** Stops both within the limit; a trouble of either is thrown after both were tried. */
    public void stop(Duration limit) {
        CompletableFuture<Void> redisStopped = CompletableFuture.runAsync(
                () -> {
                    if (redis != null) {
                        redis.stop(limit);
                    }
                },
                BundledServers::run);
        try {
            postgres.stop(limit);
        } finally {
            redisStopped.join();
        }
    }

    private static void stopQuietly(@Nullable AutoCloseable server) {
        try {
            if (server != null) {
                server.close();
            }
        } catch (Exception e) {
            LOG.warn("could not be stopped after the other one did not start", e);
        }
    }
}
