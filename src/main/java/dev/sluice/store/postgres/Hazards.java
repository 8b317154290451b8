package dev.sluice.store.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * What its owner should know about a database that takes orders: triggers and policies on the table {@code orders} that may
 * refuse or change them, an encoding that does not have every character, a server that only reads. (With rules it takes
 * none.)
 */
final class Hazards {

    /** Insert triggers of the table and its partitions, but for those of constraints and copies of a parent's. */
    private static final String TRIGGERS = """
            SELECT 'trigger ' || tgname || ' (' || CASE WHEN tgtype & 2 <> 0 THEN 'before' ELSE 'after' END || ' insert, '
                   || CASE WHEN tgtype & 1 <> 0 THEN 'each row' ELSE 'each statement' END || ')', tgrelid::regclass::text
            FROM pg_trigger
            WHERE (tgrelid = to_regclass('orders') OR tgrelid IN (SELECT relid FROM pg_partition_tree(to_regclass('orders'))))
              AND NOT tgisinternal AND tgparentid = 0 AND tgenabled <> 'D' AND tgtype & 4 <> 0
            ORDER BY 2, 1""";

    private static final String SETTINGS = """
            SELECT current_setting('server_encoding'), row_security_active('orders'), format('%I', current_user),
                   pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'""";

    private Hazards() {}

    /** Each with what it may cause and, where there is one, the mend. */
    static Future<List<String>> of(SqlConnection connection) {
        return connection
                .query(TRIGGERS)
                .execute()
                .compose(found -> connection.query(SETTINGS).execute().map(settings -> {
                    List<String> hazards = new ArrayList<>();
                    found.forEach(row -> hazards.add(trigger(row)));
                    addSettings(hazards, settings.iterator().next());
                    return hazards;
                }));
    }

    private static String trigger(Row row) {
        return row.getString(0) + " on " + row.getString(1)
                + " may refuse, drop, move or change orders: what it refuses"
                + " or drops is answered 422 order_refused, or is a dead letter after a 202; what it moves to where the"
                + " primary key does not hold is stored twice by a retry";
    }

    private static void addSettings(List<String> hazards, Row row) {
        addEncoding(hazards, row.getString(0));
        if (row.getBoolean(1)) {
            hazards.add("row security policies on orders bind this role: a row that they forbid stops its whole batch,"
                    + " and a row that they hide is not found. ALTER ROLE " + row.getString(2) + " BYPASSRLS;");
        }
        if (row.getBoolean(3)) {
            hazards.add("the server is a standby that only reads: no order is committed there until it is promoted."
                    + " postgres.uri should name the primary");
        } else if (row.getBoolean(4)) {
            hazards.add(
                    "its transactions only read (default_transaction_read_only): no order is committed until that is"
                            + " off");
        }
    }

    private static void addEncoding(List<String> hazards, String encoding) {
        if (encoding.equals("SQL_ASCII")) {
            hazards.add(
                    "the database has encoding SQL_ASCII: text of orders is kept byte by byte as sent, and PostgreSQL"
                            + " does not know its characters; others read it rightly only as UTF-8. A database with ENCODING"
                            + " 'UTF8' knows them");
        } else if (!encoding.equals("UTF8")) {
            hazards.add("the database has encoding " + encoding + ": an order with a character that " + encoding
                    + " lacks is answered 422 order_refused. Move to a database with ENCODING 'UTF8'");
        }
    }
}
