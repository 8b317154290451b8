package dev.sluice.store.postgres;

import dev.sluice.config.SluiceConfig;
import dev.sluice.store.StoreFindings;
import dev.sluice.store.StoreListener;
import dev.sluice.store.UnfitStoreException;
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
 * this release, its table takes what Sluice sends, and a pooler before it keeps prepared statements. Then it sends a batch of
 * no order. Each look is bounded by {@code postgres.connectTimeoutMs}.
 */
record Preparation(Vertx vertx, SluiceConfig config, Supplier<Future<PgConnection>> another) {

    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    /** Migrations may rewrite a large table. */
    private static final long MIGRATION_TIMEOUT_MS = 300_000;

    private static final String KEYS_MEND =
            "Keys of clients are in the table api_keys, which this role may not make: run `sluice db migrate` as the"
                    + " owner of the tables and GRANT SELECT ON api_keys to this role, or set auth.keysFile";

    /** The connection itself; fails with {@link dev.sluice.store.UnfitStoreException} where waiting does not help. */
    Future<PgConnection> run(PgConnection connection, StoreListener listener) {
        return shortly(checkDurability(connection))
                .compose(safe -> migrated(connection))
                .compose(applied -> takesOrders(connection, applied))
                .onSuccess(Preparation::say)
                .compose(migrated -> PoolerCheck.keepsStatements(vertx, connection, another))
                .compose(migrated -> shortly(findings(connection)))
                .onSuccess(listener::found)
                .compose(found -> shortly(InsertStatement.rehearse(connection)))
                .map(connection);
    }

    /** The versions applied, where the table takes orders then. */
    Future<List<Integer>> migrate(PgConnection connection) {
        return apply(connection).compose(applied -> takesOrders(connection, applied));
    }

    private Future<List<Integer>> apply(PgConnection connection) {
        return shortly(Migrations.isMissing(connection))
                .compose(missing -> missing
                        ? within(vertx, MIGRATION_TIMEOUT_MS, Migrations.migrate(connection))
                        : Future.succeededFuture(List.of()))
                .recover(error -> shortly(UnfitDatabase.judged(connection, error)));
    }

    private Future<List<Integer>> takesOrders(PgConnection connection, List<Integer> applied) {
        return shortly(TableCheck.takesOrders(connection))
                .map(applied)
                .recover(error -> shortly(UnfitDatabase.judged(connection, error)));
    }

    /** A role that may not migrate serves with what is there, as far as this configuration needs no more. */
    private Future<List<Integer>> migrated(PgConnection connection) {
        int needed = config.auth().readsTable() ? Migrations.KEYS : Migrations.ORDERS;
        return apply(connection).recover(error -> {
            return error instanceof UnfitStoreException unfit
                    ? shortly(Migrations.currentVersion(connection))
                            .transform(
                                    version -> withVersion(version.succeeded() ? version.result() : 0, needed, unfit))
                    : Future.failedFuture(error);
        });
    }

    private static Future<List<Integer>> withVersion(int version, int needed, UnfitStoreException unfit) {
        if (version >= needed) {
            LOG.debug("the database stays at version {}, which serves: {}", version, unfit.what());
            return Future.succeededFuture(List.of());
        }
        return Future.failedFuture(
                version < Migrations.ORDERS ? unfit : new UnfitStoreException(unfit.what(), KEYS_MEND));
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
