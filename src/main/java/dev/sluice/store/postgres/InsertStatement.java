package dev.sluice.store.postgres;

import dev.sluice.order.Order;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/**
 * The insert of a batch: one statement, one implicit transaction, one row back.
 *
 * <p>Columns travel as text and bigint arrays and are cast in SQL: nulls in {@code jsonb[]} and {@code numeric[]}
 * do not survive the client's encoders, and text is cheaper to send. The SQL stays below 2,048 characters, above
 * which the client does not cache a prepared statement.
 */
final class InsertStatement {

    static final String SQL = """
            WITH inserted AS (
              INSERT INTO orders (id, account, client_order_id, customer_id, currency, total, items, attributes,
                                  accepted_at, committed_at, fingerprint)
              SELECT id, account, client_order_id, customer_id, currency, total::numeric, items::jsonb,
                     attributes::jsonb, timestamptz 'epoch' + accepted_at * interval '1 microsecond',
                     statement_timestamp(), fingerprint
              FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                          $8::text[], $9::bigint[], $10::bytea[])
                AS batch (id, account, client_order_id, customer_id, currency, total, items, attributes,
                          accepted_at, fingerprint)
              ON CONFLICT (id) DO NOTHING
              RETURNING id)
            SELECT count(*),
                   (extract(epoch FROM statement_timestamp()) * 1000000)::bigint,
                   CASE WHEN count(*) < cardinality($1::uuid[]) THEN array_agg(id) END
            FROM inserted""";

    private InsertStatement() {}

    static Tuple parameters(List<Order> batch) {
        int n = batch.size();
        UUID[] ids = new UUID[n];
        String[] accounts = new String[n];
        String[] clientOrderIds = new String[n];
        String[] customerIds = new String[n];
        String[] currencies = new String[n];
        String[] totals = new String[n];
        String[] items = new String[n];
        String[] attributes = new String[n];
        Long[] acceptedAt = new Long[n];
        Buffer[] fingerprints = new Buffer[n];
        for (int i = 0; i < n; i++) {
            Order order = batch.get(i);
            ids[i] = order.id();
            accounts[i] = order.account();
            clientOrderIds[i] = order.clientOrderId();
            customerIds[i] = order.customerId();
            currencies[i] = order.currency();
            totals[i] = order.total();
            items[i] = order.itemsJson();
            attributes[i] = order.attributesJson();
            acceptedAt[i] = order.acceptedAtMicros();
            fingerprints[i] = Buffer.buffer(order.fingerprint().toBytes());
        }
        return Tuple.of(ids, accounts, clientOrderIds, customerIds, currencies, totals)
                .addValue(items)
                .addValue(attributes)
                .addValue(acceptedAt)
                .addValue(fingerprints);
    }

    /** What the statement answered: how many rows are new, since when, and, where not all are, which. */
    record Inserted(int rows, long committedAtMicros, List<UUID> ids) {}

    static Inserted result(Row row) {
        UUID[] ids = row.getArrayOfUUIDs(2);
        return new Inserted(row.getInteger(0), row.getLong(1), ids == null ? List.of() : List.of(ids));
    }
}
