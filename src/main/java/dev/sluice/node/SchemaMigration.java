package dev.sluice.node;

import dev.sluice.config.SluiceConfig;
import dev.sluice.store.ClientVertx;
import dev.sluice.store.UnfitStoreException;
import dev.sluice.store.postgres.PgConnector;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrates a database without a node, and waits for its server as a start does: tries again until it answers, for at most
 * {@code store.startWaitMs}, and says every few seconds what it waits for. Lives on an event loop of its own.
 */
public final class SchemaMigration {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaMigration.class);

    private static final long SAID_MS = 5_000;

    private final Vertx vertx = ClientVertx.make();
    private final PgConnector connector;
    private final long waitMs;
    private final long pauseMs;
    private final Refusals refusals = new Refusals();
    private final Promise<List<Integer>> applied = Promise.promise();
    private final long beganNanos = System.nanoTime();

    private SchemaMigration(SluiceConfig config) {
        connector = new PgConnector(vertx, config);
        waitMs = config.store().startWaitMs();
        pauseMs = config.postgres().reconnectMs();
    }

    /**
     * Migrates the database that a configuration names. The result is the versions applied; it fails with {@link
     * StoreUnreachableException} or {@link UnfitStoreException}, and a server that froze while it was connected to does
     * not hold it up.
     *
     * @throws dev.sluice.config.ConfigException where it names none
     */
    public static Future<List<Integer>> migrate(SluiceConfig config) {
        return new SchemaMigration(config).run();
    }

    private Future<List<Integer>> run() {
        vertx.setPeriodic(
                SAID_MS,
                timer -> LOG.info(
                        "PostgreSQL (postgres.uri): not migrated after {} s: {}",
                        passedMs() / 1_000,
                        refusals.reason()));
        vertx.runOnContext(ignored -> attempt());
        return applied.future()
                .onComplete(done -> vertx.close().onFailure(error -> LOG.debug("not closed cleanly", error)));
    }

    private void attempt() {
        connector.migrate().onSuccess(applied::complete).onFailure(this::failed);
    }

    private void failed(Throwable error) {
        refusals.add(error, System.nanoTime());
        if (error instanceof UnfitStoreException) {
            applied.fail(error);
        } else if (passedMs() + pauseMs >= waitMs) {
            applied.fail(new StoreUnreachableException("PostgreSQL (postgres.uri): " + refusals.reason()));
        } else {
            LOG.debug("PostgreSQL (postgres.uri): {}", error.getMessage());
            vertx.setTimer(pauseMs, again -> attempt());
        }
    }

    private long passedMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    }
}
