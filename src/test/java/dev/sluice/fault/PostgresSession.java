package dev.sluice.fault;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Somebody else's connection to PostgreSQL, which holds what it locks until it is told or closed. Every method blocks. */
final class PostgresSession implements AutoCloseable {

    private static final long LIMIT_SECONDS = 30;

    private final Vertx vertx = Vertx.vertx();
    private final PgConnection connection;

    private PostgresSession(String uri) {
        connection = await(PgConnection.connect(vertx, PgConnectOptions.fromUri(uri)));
    }

    static PostgresSession open(String uri) {
        return new PostgresSession(uri);
    }

    RowSet<Row> execute(String sql) {
        return await(connection.query(sql).execute());
    }

    /** Whether it was done; what PostgreSQL refuses is no error here. */
    boolean attempt(String sql) {
        return await(connection.query(sql).execute().map(true).otherwise(false));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Also where the server has left. */
    @Override
    public void close() {
        await(vertx.close());
    }
}
