package dev.sluice.store.postgres;

import dev.sluice.store.UnfitStoreException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the table {@code orders} takes what Sluice sends, before the first order does. PostgreSQL itself plans the
 * statements, which shows missing rights, columns and keys; what would only show in a row is read from the catalog.
 */
final class TableCheck {

    private static final String COLUMNS = """
            SELECT attname::text, format_type(atttypid, atttypmod),
                   attnotnull AND NOT atthasdef AND attidentity = '' AND attgenerated = ''
            FROM pg_attribute WHERE attrelid = to_regclass('orders') AND attnum > 0 AND NOT attisdropped
            ORDER BY attnum""";

    /** As the migrations made them; the type is what a value goes through on its way, and must not change it. */
    private static final Map<String, String> TYPES = types();

    private TableCheck() {}

    private static Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("id", "uuid");
        types.put("account", "text");
        types.put("client_order_id", "text");
        types.put("customer_id", "text");
        types.put("currency", "text");
        types.put("total", "numeric");
        types.put("items", "jsonb");
        types.put("attributes", "jsonb");
        types.put("accepted_at", "timestamp with time zone");
        types.put("committed_at", "timestamp with time zone");
        types.put("fingerprint", "bytea");
        return types;
    }

    /** Fails with {@link UnfitStoreException} where it does not. */
    static Future<Void> takesOrders(SqlConnection connection) {
        return plan(connection, InsertStatement.NEW)
                .compose(planned -> plan(connection, InsertStatement.ANY))
                .compose(planned -> plan(connection, FindStatement.SQL))
                .compose(planned -> connection.query(COLUMNS).execute())
                .map(TableCheck::wrongColumns)
                .compose(wrong -> wrong.isEmpty() ? Future.succeededFuture() : unfit(connection, wrong));
    }

    /** Nothing is executed; rights are checked all the same. */
    private static Future<?> plan(SqlConnection connection, String sql) {
        return connection.query("EXPLAIN " + sql.replaceAll("\\$\\d+", "NULL")).execute();
    }

    private static Future<Void> unfit(SqlConnection connection, List<String> wrong) {
        return UnfitDatabase.look(connection)
                .compose(seen -> Future.failedFuture(seen.verdict(
                        "its table orders is another one: " + String.join(", ", wrong), seen.anotherPlace())));
    }

    private static List<String> wrongColumns(RowSet<Row> columns) {
        List<String> wrong = new ArrayList<>();
        for (Row column : columns) {
            String name = column.getString(0);
            String type = column.getString(1);
            String ours = TYPES.get(name);
            if (ours == null && column.getBoolean(2)) {
                wrong.add("column " + name + " must have a value and has no default");
            } else if (ours != null && !isLike(ours, type)) {
                wrong.add("column " + name + " is " + type + " and not " + ours);
            }
        }
        return wrong;
    }

    private static boolean isLike(String ours, String type) {
        return type.equals(ours) || (ours.equals("text") && type.equals("character varying"));
    }
}
