package dev.sluice.store.postgres;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFailure.Kind;
import io.vertx.pgclient.PgException;

/**
 * What an error of the PostgreSQL client says about the orders that were sent: the one place that reads SQLSTATE.
 *
 * <p>Only classes 22 (data exception) and 23 (integrity constraint violation) condemn an order. Every other error
 * that the server reports rolled the statement back: not stored, worth a retry. A session that the server ends
 * (FATAL, PANIC) and a connection that breaks leave the outcome unknown.
 */
final class SqlStates {

    private static final String UNIQUE_VIOLATION = "23505";

    private SqlStates() {}

    /** The failure of a statement that was sent. */
    static StoreFailure failureOfSent(Throwable error) {
        if (error instanceof StoreFailure failure) {
            return failure;
        }
        if (error instanceof PgException pg) {
            return new StatementFailure(kindOf(pg.getSqlState(), pg.getSeverity()), pg.getSqlState(), describe(pg));
        }
        return StoreFailure.unknown("the connection to PostgreSQL was lost");
    }

    /** The severity comes in the server's language: what is not plainly an error of the statement is left open. */
    static Kind kindOf(String sqlState, String severity) {
        if (sqlState.startsWith("22") || sqlState.startsWith("23")) {
            return Kind.REFUSED;
        }
        return "ERROR".equals(severity) ? Kind.NOT_STORED : Kind.UNKNOWN;
    }

    /** Whether a unique index refused a row: that of the ids, or one that is not ours. */
    static boolean isTakenKey(Throwable error) {
        return error instanceof StatementFailure failure && failure.sqlState().equals(UNIQUE_VIOLATION);
    }

    private static String describe(PgException error) {
        return error.getErrorMessage() + " (SQLSTATE " + error.getSqlState() + ")";
    }
}
