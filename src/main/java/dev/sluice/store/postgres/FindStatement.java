package dev.sluice.store.postgres;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import dev.sluice.order.StoredContent;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Deadline;
import dev.sluice.store.ReconnectingConnection;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The look-up of orders by id, and the way back from a row to an order. */
final class FindStatement {

    static final String SQL = """
            SELECT id, account, client_order_id, customer_id, currency, total::text, items::text, attributes::text,
                   (extract(epoch FROM accepted_at) * 1000000)::bigint,
                   (extract(epoch FROM committed_at) * 1000000)::bigint, fingerprint
            FROM orders WHERE id = ANY ($1::uuid[])""";

    private FindStatement() {}

    /** The rows among those ids, by id; an id without a row is absent. */
    static Future<Map<UUID, StoredOrder>> find(
            ReconnectingConnection<PgConnection> connection, Collection<UUID> ids, Deadline deadline) {
        Tuple parameters = Tuple.of(ids.toArray(UUID[]::new));
        return connection
                .call(pg -> pg.preparedQuery(SQL).execute(parameters), deadline)
                .map(FindStatement::byId);
    }

    private static Map<UUID, StoredOrder> byId(RowSet<Row> rows) {
        Map<UUID, StoredOrder> found = new HashMap<>();
        rows.forEach(row -> {
            StoredOrder stored = storedOrder(row);
            found.put(stored.id(), stored);
        });
        return found;
    }

    private static StoredOrder storedOrder(Row row) {
        String attributes = row.getString(7);
        Order order = new Order(
                row.getUUID(0),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                StoredContent.canonicalItems(row.getString(6)),
                attributes == null ? null : StoredContent.canonicalAttributes(attributes),
                row.getLong(8),
                Fingerprint.of(row.getBuffer(10).getBytes()));
        return new StoredOrder(order, row.getLong(9));
    }
}
