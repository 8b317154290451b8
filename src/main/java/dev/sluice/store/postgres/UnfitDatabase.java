package dev.sluice.store.postgres;

import dev.sluice.store.UnfitStoreException;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A database that takes no orders as it is, seen from the role that connects to it, and the statements that mend it. All
 * names are quoted as SQL wants them.
 *
 * @param schema where new tables go; null where there is none
 * @param orders what kind of relation is called so; null where none is
 * @param migrations the table of versions; null where Sluice never migrated
 * @param dropRules statements that drop the rules on that relation; null where there are none
 */
record UnfitDatabase(
        String role,
        String database,
        @Nullable String schema,
        String searchPath,
        @Nullable String orders,
        @Nullable String migrations,
        @Nullable String dropRules) {

    /** Access rules and names (42), no schema (3F), a kind of relation that cannot do it (0A000, 55000). */
    private static final Pattern NO_RETRY_CURES = Pattern.compile("42...|3F...|0A000|55000");

    private static final String MISSING_RIGHT = "42501";

    private static final String SQL = """
            SELECT quote_ident(current_user), quote_ident(current_database()), quote_ident(current_schema()),
                   current_setting('search_path'),
                   (SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                                        WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE 'table' END
                    FROM pg_class WHERE oid = to_regclass('orders')),
                   to_regclass('sluice_migrations')::text,
                   (SELECT string_agg('DROP RULE ' || quote_ident(rulename) || ' ON orders;', ' ') FROM pg_rewrite
                    WHERE ev_class = to_regclass('orders') AND rulename <> '_RETURN')""";

    /**
     * What a migration or a check failed with: rights, names and shapes are no outage.
     *
     * @return fails, and with {@link UnfitStoreException} where no retry cures it
     */
    static <T> Future<T> judged(SqlConnection connection, Throwable error) {
        if (!(error instanceof PgException pg)
                || !NO_RETRY_CURES.matcher(pg.getSqlState()).matches()) {
            return Future.failedFuture(error);
        }
        boolean missingRight = MISSING_RIGHT.equals(pg.getSqlState());
        return look(connection)
                .transform(seen -> Future.failedFuture(
                        seen.succeeded()
                                ? seen.result()
                                        .verdict(
                                                SqlStates.describe(pg),
                                                seen.result().mend(missingRight))
                                : error));
    }

    static Future<UnfitDatabase> look(SqlConnection connection) {
        return connection.query(SQL).execute().map(rows -> of(rows.iterator().next()));
    }

    private static UnfitDatabase of(Row row) {
        return new UnfitDatabase(
                row.getString(0),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6));
    }

    UnfitStoreException verdict(String why, String mend) {
        String where = schema == null ? "no schema of search_path " + searchPath : "schema " + schema;
        return new UnfitStoreException(
                "PostgreSQL (postgres.uri) takes no orders as it is: " + why + ", as role " + role + " in database "
                        + database + ", " + where,
                mend);
    }

    private String mend(boolean missingRight) {
        if (!missingRight && migrations != null && dropRules != null) {
            return "Rules on orders stop every insert. As the owner of the table: " + dropRules;
        }
        if (schema == null) {
            return "The role needs a schema for its tables. As a superuser: " + schemaOfItsOwn();
        }
        if (missingRight && migrations != null) {
            return "As the owner of the tables: GRANT SELECT ON " + migrations + " TO " + role
                    + "; GRANT SELECT, INSERT ON orders TO " + role + ";";
        }
        if (missingRight && orders == null) {
            return "As the owner of the schema: GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + role + ";";
        }
        return anotherPlace();
    }

    /** Where the table is of no use and may be somebody's. */
    String anotherPlace() {
        String it = orders == null ? "There is no table orders" : "The " + orders + " orders";
        return it + (migrations == null ? " is not Sluice's" : " is not as Sluice made it")
                + ": name another database in postgres.uri, or give Sluice a schema of its own. As a superuser: "
                + schemaOfItsOwn();
    }

    private String schemaOfItsOwn() {
        return "CREATE SCHEMA IF NOT EXISTS sluice AUTHORIZATION " + role + "; ALTER ROLE " + role + " IN DATABASE "
                + database + " SET search_path = sluice;";
    }
}
