package dev.sluice.store.postgres;

import dev.sluice.store.Deadline;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * One connection to PostgreSQL that is made anew whenever it breaks, and closed when a statement passes its
 * deadline: the client has no query timeout, and a frozen server answers none. Statements sent while others are
 * outstanding are pipelined. Lives on one event loop.
 */
final class PgLane {

    /** Pauses between attempts to connect grow to this many times the first. */
    private static final int BACKOFF_MAX = 4;

    private final Vertx vertx;
    private final PgConnector connector;
    private final StoreListener status;
    private final long reconnectMs;

    /** For the good-bye; a frozen server never takes it. */
    private static final long CLOSE_MS = 500;

    private @Nullable PgConnection connection;
    private int outstanding;
    private int failures;
    private boolean closed;

    PgLane(Vertx vertx, PgConnector connector, StoreListener status, long reconnectMs) {
        this.vertx = vertx;
        this.connector = connector;
        this.status = status;
        this.reconnectMs = reconnectMs;
    }

    /** Connects now and again whenever the connection breaks, until {@link #close()}. */
    void open() {
        connector.connect(status).onSuccess(this::connected).onFailure(this::failed);
    }

    boolean isUp() {
        return connection != null;
    }

    /** Statements sent and not answered. */
    int outstanding() {
        return outstanding;
    }

    /**
     * Sends a prepared statement.
     *
     * @return fails only with {@link StoreFailure}; unknown where the statement was sent and not answered in time
     */
    Future<RowSet<Row>> execute(String sql, Tuple parameters, Deadline deadline) {
        PgConnection current = connection;
        if (current == null) {
            return unreachable();
        }
        outstanding++;
        Promise<RowSet<Row>> promise = Promise.promise();
        long timer =
                vertx.setTimer(Math.max(1, deadline.remainingMs(System.nanoTime())), id -> giveUp(current, promise));
        current.preparedQuery(sql).execute(parameters).onComplete(result -> {
            vertx.cancelTimer(timer);
            outstanding--;
            if (result.succeeded()) {
                promise.tryComplete(result.result());
            } else {
                promise.tryFail(SqlStates.failureOfSent(result.cause()));
            }
        });
        return promise.future();
    }

    static <T> Future<T> unreachable() {
        return Future.failedFuture(StoreFailure.notStored("PostgreSQL cannot be reached"));
    }

    private void giveUp(PgConnection stuck, Promise<RowSet<Row>> promise) {
        dropped(stuck, "PostgreSQL did not answer within the store deadline");
        promise.tryFail(StoreFailure.unknown("PostgreSQL did not answer within the store deadline"));
        PgConnector.kill(stuck);
    }

    Future<Void> close() {
        closed = true;
        PgConnection current = connection;
        connection = null;
        if (current == null) {
            return Future.succeededFuture();
        }
        status.closed();
        long timer = vertx.setTimer(CLOSE_MS, late -> PgConnector.kill(current));
        return current.close().onComplete(gone -> vertx.cancelTimer(timer));
    }

    private void connected(PgConnection fresh) {
        if (closed) {
            PgConnector.kill(fresh);
            return;
        }
        failures = 0;
        connection = fresh;
        fresh.exceptionHandler(error -> PgConnector.kill(fresh));
        fresh.closeHandler(gone -> dropped(fresh, "connection to PostgreSQL lost"));
        status.up();
    }

    /** Nothing more is sent into a connection that is closed or about to be: closing takes a while. */
    private void dropped(PgConnection gone, String reason) {
        if (connection == gone) {
            connection = null;
            status.down(reason);
            open();
        }
    }

    private void failed(Throwable error) {
        if (closed) {
            return;
        }
        status.refused(error);
        failures = Math.min(failures + 1, BACKOFF_MAX);
        vertx.setTimer(reconnectMs * failures, id -> {
            if (!closed) {
                open();
            }
        });
    }
}
