package dev.sluice.store.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Brings a database to the schema of this release: versioned SQL files, each applied once, in one transaction under
 * an advisory lock, so that nodes that start together do not collide.
 *
 * <p>A database that is newer than this release is left alone: later releases only add.
 */
public final class Migrations {

    /** In order; a file is never changed once released. */
    private static final List<String> FILES = List.of("V1__orders.sql", "V2__api_keys.sql");

    /** "sluice" in ASCII; any constant that no other program takes. */
    private static final long LOCK_KEY = 0x736c75696365L;

    private static final String VERSION_TABLE = "sluice_migrations";

    /** Read as rows are: a catalog look-up such as to_regclass may answer from before the lock was granted. */
    private static final String VERSION_TABLE_EXISTS = "SELECT EXISTS (SELECT FROM pg_tables WHERE tablename = '"
            + VERSION_TABLE + "' AND schemaname = ANY (current_schemas(false)))";

    private static final Pattern FILE_NAME = Pattern.compile("V(\\d+)__(\\w+)\\.sql");

    /** The last version that an order needs. */
    static final int ORDERS = 1;

    /** The version that keys in the database need. */
    static final int KEYS = 2;

    private Migrations() {}

    /** One migration. */
    record Migration(int version, String name, String sql) {

        static Migration read(String file) {
            Matcher matcher = FILE_NAME.matcher(file);
            if (!matcher.matches()) {
                throw new IllegalStateException("not a migration: " + file);
            }
            return new Migration(Integer.parseInt(matcher.group(1)), matcher.group(2), resource(file));
        }
    }

    /** Whether {@link #migrate} would change anything. */
    static Future<Boolean> isMissing(SqlConnection connection) {
        return currentVersion(connection).map(version -> !missing(version).isEmpty());
    }

    /** Applies what is missing. The result is the versions applied, ascending; empty where nothing was. */
    public static Future<List<Integer>> migrate(SqlConnection connection) {
        return currentVersion(connection)
                .compose(version -> missing(version).isEmpty()
                        ? Future.succeededFuture(List.of())
                        : applyInTransaction(connection));
    }

    private static Future<List<Integer>> applyInTransaction(SqlConnection connection) {
        return connection
                .begin()
                .compose(transaction -> lockAndApply(connection)
                        .compose(versions -> transaction.commit().map(versions))
                        .recover(error -> transaction.rollback().transform(ignored -> Future.failedFuture(error))));
    }

    private static Future<List<Integer>> lockAndApply(SqlConnection connection) {
        return connection
                .query("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock("
                        + LOCK_KEY + ")")
                .execute()
                .compose(locked -> currentVersion(connection))
                .compose(version -> createVersionTable(connection, version).map(version))
                .compose(version -> applyAll(connection, missing(version)));
    }

    private static Future<Void> createVersionTable(SqlConnection connection, int version) {
        if (version > 0) {
            return Future.succeededFuture();
        }
        return connection
                .query("CREATE TABLE IF NOT EXISTS " + VERSION_TABLE + " (version int PRIMARY KEY,"
                        + " name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())")
                .execute()
                .mapEmpty();
    }

    private static Future<List<Integer>> applyAll(SqlConnection connection, List<Migration> migrations) {
        Future<Void> all = Future.succeededFuture();
        for (Migration migration : migrations) {
            all = all.compose(done -> apply(connection, migration));
        }
        return all.map(done -> migrations.stream().map(Migration::version).toList());
    }

    private static Future<Void> apply(SqlConnection connection, Migration migration) {
        return connection
                .query(migration.sql())
                .execute()
                .compose(done -> connection
                        .preparedQuery("INSERT INTO " + VERSION_TABLE + " (version, name) VALUES ($1, $2)")
                        .execute(Tuple.of(migration.version(), migration.name())))
                .mapEmpty();
    }

    /** 0 for a database that Sluice never saw. */
    static Future<Integer> currentVersion(SqlConnection connection) {
        return connection
                .query(VERSION_TABLE_EXISTS)
                .execute()
                .compose(rows -> rows.iterator().next().getBoolean(0)
                        ? connection
                                .query("SELECT coalesce(max(version), 0) FROM " + VERSION_TABLE)
                                .execute()
                                .map(versions -> versions.iterator().next().getInteger(0))
                        : Future.succeededFuture(0));
    }

    private static List<Migration> missing(int version) {
        return FILES.stream()
                .map(Migration::read)
                .filter(migration -> migration.version() > version)
                .collect(Collectors.toList());
    }

    private static String resource(String file) {
        try (InputStream in = Migrations.class.getResourceAsStream("/db/" + file)) {
            if (in == null) {
                throw new IllegalStateException("migration " + file + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
