package dev.sluice.store.postgres;

import dev.sluice.store.StoreFindings;
import dev.sluice.store.StoreListener;
import dev.sluice.store.UnsafeStoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connections that are fit for orders: reached within the connect timeout, on a server that keeps what it
 * commits, with the schema of this release. Called on an event loop; the connection lives there.
 */
public final class PgConnector {

    private static final Logger LOG = LoggerFactory.getLogger(PgConnector.class);

    /** The insert, the look-up and what migrations need; the default of 256 only costs memory. */
    private static final int STATEMENTS_CACHED_MAX = 8;

    /** Migrations may rewrite a large table. */
    private static final long PREPARE_TIMEOUT_MS = 300_000;

    private final Vertx vertx;
    private final PgOptions options;

    public PgConnector(Vertx vertx, PgOptions options) {
        this.vertx = vertx;
        this.options = options;
    }

    /**
     * Connects, checks and migrates.
     *
     * @param status hears what was found out about the server
     * @return fails with {@link UnsafeStoreException} on a server that does not keep what it commits
     */
    public Future<PgConnection> connect(StoreListener status) {
        return within(options.connectTimeoutMs(), open())
                .compose(connection ->
                        within(PREPARE_TIMEOUT_MS, prepare(connection, status)).onFailure(error -> kill(connection)));
    }

    /** Connects, migrates whatever the server's settings are, and leaves; the result is the versions applied. */
    public Future<List<Integer>> migrate() {
        return within(options.connectTimeoutMs(), open())
                .compose(connection -> Migrations.migrate(connection).eventually(connection::close));
    }

    /** A connection that comes after its time is closed, not leaked. */
    private Future<PgConnection> within(long timeoutMs, Future<PgConnection> opening) {
        Promise<PgConnection> promise = Promise.promise();
        long timer = vertx.setTimer(
                timeoutMs, id -> promise.tryFail("PostgreSQL did not answer within " + timeoutMs + " ms"));
        opening.onFailure(promise::tryFail)
                .onSuccess(connection -> {
                    if (!promise.tryComplete(connection)) {
                        kill(connection);
                    }
                })
                .onComplete(done -> vertx.cancelTimer(timer));
        return promise.future();
    }

    private Future<PgConnection> open() {
        return PgConnection.connect(vertx, connectOptions(true)).recover(this::retryWithoutParameters);
    }

    /** PgBouncer refuses startup parameters that it does not track; the writer's own deadline still holds there. */
    private Future<PgConnection> retryWithoutParameters(Throwable error) {
        boolean refused = error instanceof PgException pg
                && pg.getErrorMessage() != null
                && pg.getErrorMessage().contains("startup parameter");
        if (!refused) {
            return Future.failedFuture(error);
        }
        LOG.debug("statement_timeout and lock_timeout are left to the pooler: {}", error.getMessage());
        return PgConnection.connect(vertx, connectOptions(false));
    }

    private PgConnectOptions connectOptions(boolean timeouts) {
        PgConnectOptions connect = PgConnectOptions.fromUri(options.uri())
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(STATEMENTS_CACHED_MAX)
                .addProperty("application_name", "sluice");
        if (timeouts) {
            connect.addProperty("statement_timeout", Long.toString(options.statementTimeoutMs()));
            connect.addProperty("lock_timeout", Long.toString(options.lockTimeoutMs()));
        }
        return connect;
    }

    private Future<PgConnection> prepare(PgConnection connection, StoreListener status) {
        return checkDurability(connection)
                .compose(safe -> Standbys.canLose(connection))
                .onSuccess(lossy -> status.found(new StoreFindings(lossy, List.of())))
                .compose(told -> Migrations.migrate(connection))
                .map(applied -> {
                    if (!applied.isEmpty()) {
                        LOG.info("migrated the database to version {}", applied.get(applied.size() - 1));
                    }
                    return connection;
                });
    }

    private Future<Void> checkDurability(PgConnection connection) {
        if (options.allowUnsafe()) {
            return Future.succeededFuture();
        }
        return DurabilityCheck.unsafeSettings(connection)
                .compose(unsafe -> unsafe.isEmpty()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new UnsafeStoreException("PostgreSQL", unsafe)));
    }

    /**
     * Closes the socket at once. {@code close()} would queue a goodbye behind the statements that a frozen server
     * does not answer; and the client's codec makes a goodbye of every close that passes through it, and then waits for
     * the server's: so this one begins ahead of it.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the close handler of whoever holds the connection tells the end
    static void kill(PgConnection connection) {
        if (((SqlConnectionInternal) connection).unwrap().unwrap() instanceof SocketConnectionBase socket) {
            socket.socket().channelHandlerContext().pipeline().firstContext().close();
        }
    }
}
