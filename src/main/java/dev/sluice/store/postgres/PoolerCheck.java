package dev.sluice.store.postgres;

import dev.sluice.store.UnfitStoreException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedStatement;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a pooler between Sluice and PostgreSQL keeps prepared statements. PgBouncer before 1.21 in transaction mode does
 * not: the next transaction of a client may run in a session that never heard of its statements.
 */
final class PoolerCheck {

    private static final Logger LOG = LoggerFactory.getLogger(PoolerCheck.class);

    /** A pooler whose pool is used up lets the probe wait; then it says nothing. */
    private static final long PROBE_MS = 500;

    private PoolerCheck() {}

    /**
     * Fails with {@link UnfitStoreException} where it does not. A server that is reached without a pooler is asked for its
     * process id alone.
     *
     * @param another opens one more connection: it takes the session in which the statement was prepared
     */
    static Future<Void> keepsStatements(Vertx vertx, PgConnection connection, Supplier<Future<PgConnection>> another) {
        return connection.query("SELECT pg_backend_pid()").execute().compose(rows -> {
            boolean direct = rows.iterator().next().getInteger(0) == connection.processId();
            return direct ? Future.succeededFuture() : probe(vertx, connection, another);
        });
    }

    /** The statement is of this probe alone: another client's one of the same name would answer something else. */
    private static Future<Void> probe(Vertx vertx, PgConnection connection, Supplier<Future<PgConnection>> another) {
        int token = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        return connection
                .prepare("SELECT " + token)
                .compose(statement -> another.get()
                        .compose(other -> Preparation.within(vertx, PROBE_MS, apart(other, () -> run(statement, token)))
                                .eventually(other::close)))
                .recover(PoolerCheck::judged);
    }

    /**
     * Runs the statement while a transaction holds one session, and once more when it is over. A pooler gives the session
     * that came back last: where the other one was held, the second run meets it.
     */
    private static Future<Void> apart(PgConnection other, Supplier<Future<Void>> statement) {
        return other.query("BEGIN")
                .execute()
                .compose(begun -> statement.get())
                .compose(ran -> other.query("ROLLBACK").execute())
                .compose(over -> statement.get());
    }

    private static Future<Void> run(PreparedStatement statement, int token) {
        return statement.query().execute().compose(rows -> {
            boolean own = rows.iterator().next().getInteger(0) == token;
            return own ? Future.succeededFuture() : Future.failedFuture(lost("another client's statement was run"));
        });
    }

    private static Future<Void> judged(Throwable error) {
        if (error instanceof UnfitStoreException) {
            return Future.failedFuture(error);
        }
        if (SqlStates.isLostStatement(error)) {
            return Future.failedFuture(lost(String.valueOf(error.getMessage())));
        }
        LOG.debug("the pooler before PostgreSQL was not judged: {}", error.getMessage());
        return Future.succeededFuture();
    }

    private static UnfitStoreException lost(String seen) {
        return new UnfitStoreException(
                "the pooler before PostgreSQL (postgres.uri) loses prepared statements: " + seen
                        + ". PgBouncer before 1.21 does so in transaction mode",
                "Use PgBouncer 1.21 or newer with max_prepared_statements = 100, or pool_mode = session.");
    }
}
