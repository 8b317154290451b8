package dev.sluice.store.postgres;

/**
 * How to reach PostgreSQL.
 *
 * @param uri {@code postgresql://user:password@host:port/database}
 * @param connections held for inserts by each writer
 * @param connectTimeoutMs after which an attempt to connect is given up
 * @param reconnectMs pause between attempts
 * @param statementTimeoutMs set on every connection; below the store deadline
 * @param lockTimeoutMs set on every connection; below the statement timeout
 * @param allowUnsafe use a server that does not keep what it commits
 */
public record PgOptions(
        String uri,
        int connections,
        long connectTimeoutMs,
        long reconnectMs,
        long statementTimeoutMs,
        long lockTimeoutMs,
        boolean allowUnsafe) {}
