package dev.sluice.store.postgres;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFailure.Kind;
import io.vertx.pgclient.PgException;
import java.util.regex.Pattern;

/**
 * What an error of the PostgreSQL client says about the orders that were sent: the one place that reads SQLSTATE.
 *
 * <p>The code alone decides: severity and text come in the server's language. A data exception (class 22), a violated
 * constraint (class 23) and a trigger's {@code RAISE EXCEPTION} (P0001) condemn an order. A session or server that ends or
 * breaks (classes 08, 58 and XX, 40003, 57P01 to 57P05) leaves the outcome unknown. Every other error rolled the
 * statement back: not stored, worth a retry.
 */
final class SqlStates {

    private static final String UNIQUE_VIOLATION = "23505";

    private static final Pattern CONDEMNS = Pattern.compile("22...|23...|P0001");
    private static final Pattern LEAVES_OPEN = Pattern.compile("08...|58...|XX...|40003|57P0[1-5]");

    /** The session is not the one in which the statement was prepared, or has one of its name. */
    private static final Pattern LOST_STATEMENT = Pattern.compile("26000|42P05");

    private SqlStates() {}

    /** The failure of a statement that was sent. */
    static StoreFailure failureOfSent(Throwable error) {
        if (error instanceof StoreFailure failure) {
            return failure;
        }
        if (error instanceof PgException pg) {
            return failure(pg.getSqlState(), pg.getErrorMessage());
        }
        return StoreFailure.unknown("the connection to PostgreSQL was lost");
    }

    /** Whether the session that answered is not the one in which a statement was prepared: a pooler lies between. */
    static boolean isLostStatement(Throwable error) {
        return error instanceof PgException pg
                && LOST_STATEMENT.matcher(pg.getSqlState()).matches();
    }

    static StoreFailure failure(String sqlState, String text) {
        return new StatementFailure(kindOf(sqlState), sqlState, text + " (SQLSTATE " + sqlState + ")");
    }

    private static Kind kindOf(String sqlState) {
        if (CONDEMNS.matcher(sqlState).matches()) {
            return Kind.REFUSED;
        }
        return LEAVES_OPEN.matcher(sqlState).matches() ? Kind.UNKNOWN : Kind.NOT_STORED;
    }

    /** Whether a unique index refused a row: that of the ids, or one that is not ours. */
    static boolean isTakenKey(Throwable error) {
        return error instanceof StatementFailure failure && failure.sqlState().equals(UNIQUE_VIOLATION);
    }

    static String describe(PgException error) {
        return error.getErrorMessage() + " (SQLSTATE " + error.getSqlState() + ")";
    }

    /** A statement that PostgreSQL answered with an error. */
    private static final class StatementFailure extends StoreFailure {

        private static final long serialVersionUID = 1L;

        private final String sqlState;

        StatementFailure(Kind kind, String sqlState, String text) {
            super(kind, "PostgreSQL answered SQLSTATE " + sqlState, text);
            this.sqlState = sqlState;
        }

        String sqlState() {
            return sqlState;
        }
    }
}
