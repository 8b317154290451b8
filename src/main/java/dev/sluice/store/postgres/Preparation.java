package dev.sluice.store.postgres;

import dev.sluice.config.SluiceConfig;
import dev.sluice.store.StoreFindings;
import dev.sluice.store.StoreListener;
import dev.sluice.store.UnsafeStoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a fresh connection goes through before it takes orders: the server keeps what it commits, the schema is that of
 * this release, its table takes what Sluice sends, and a pooler before it keeps prepared statements. Each look is bounded by {@code postgres.connectTimeoutMs}.
 */
record Preparation(Vertx vertx, SluiceConfig config, Supplier<Future<PgConnection>> another) {

    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    /** Migrations may rewrite a large table. */
    private static final long MIGRATION_TIMEOUT_MS = 300_000;

    /** The connection itself; fails with {@link dev.sluice.store.UnfitStoreException} where waiting does not help. */
    Future<PgConnection> run(PgConnection connection, StoreListener listener) {
        return shortly(checkDurability(connection))
                .compose(safe -> migrate(connection))
                .onSuccess(Preparation::say)
                .compose(migrated -> PoolerCheck.keepsStatements(vertx, connection, another))
                .compose(migrated -> shortly(findings(connection)))
                .onSuccess(listener::found)
                .map(connection);
    }

    /** The versions applied, where the table takes orders then. */
    Future<List<Integer>> migrate(PgConnection connection) {
        return shortly(Migrations.isMissing(connection))
                .compose(missing -> missing
                        ? within(vertx, MIGRATION_TIMEOUT_MS, Migrations.migrate(connection))
                        : Future.succeededFuture(List.of()))
                .compose(applied -> shortly(TableCheck.takesOrders(connection)).map(applied))
                .recover(error -> shortly(UnfitDatabase.judged(connection, error)));
    }

    private static void say(List<Integer> applied) {
        if (!applied.isEmpty()) {
            LOG.info("migrated the database to version {}", applied.get(applied.size() - 1));
        }
    }

    private Future<Void> checkDurability(PgConnection connection) {
        if (config.store().allowUnsafe()) {
            return Future.succeededFuture();
        }
        return DurabilityCheck.unsafeSettings(connection)
                .compose(unsafe -> unsafe.isEmpty()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new UnsafeStoreException("PostgreSQL", unsafe)));
    }

    private static Future<StoreFindings> findings(PgConnection connection) {
        return DurabilityCheck.losesOnFailover(connection)
                .compose(lossy -> Hazards.of(connection).map(hazards -> new StoreFindings(lossy, hazards)));
    }

    private <T> Future<T> shortly(Future<T> step) {
        return within(vertx, config.postgres().connectTimeoutMs(), step);
    }

    /** The same, or a {@link TimeoutException} in words for the log. */
    static <T> Future<T> within(Vertx vertx, long timeoutMs, Future<T> step) {
        Promise<T> promise = Promise.promise();
        long timer = vertx.setTimer(
                timeoutMs,
                id -> promise.tryFail(new TimeoutException("PostgreSQL did not answer within " + timeoutMs + " ms")));
        step.onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.succeeded()) {
                promise.tryComplete(done.result());
            } else {
                promise.tryFail(done.cause());
            }
        });
        return promise.future();
    }
}
