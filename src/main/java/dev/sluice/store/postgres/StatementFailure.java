package dev.sluice.store.postgres;

import dev.sluice.store.StoreFailure;

/** A statement that PostgreSQL answered with an error. */
final class StatementFailure extends StoreFailure {

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
