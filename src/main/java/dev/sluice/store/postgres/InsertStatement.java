package dev.sluice.store.postgres;

import dev.sluice.order.Order;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/**
 * The insert of a batch: one statement, one implicit transaction, one row back.
 *
 * <p>There are two of it. Nearly every batch holds new orders only, and for these {@link #NEW} does without what
 * {@code ON CONFLICT} costs, which is a search of the index and a WAL record a row (docs/performance.md has the
 * figures); it fails as a whole where one id is taken. {@link #ANY} takes what is new.
 *
 * <p>Both compare the rows that were really inserted with those that were sent: a trigger may drop a row without an
 * error. They name the inserted rows only where these are others.
 *
 * <p>Columns travel as text and bigint arrays and are cast in SQL: nulls in {@code jsonb[]} and {@code numeric[]}
 * do not survive the client's encoders, and text is cheaper to send. They are unnested side by side in the target
 * list, which saves the tuple stores of a function scan. The SQL stays below 2,048 characters, above which the client
 * does not cache a prepared statement.
 */
final class InsertStatement {

    static final String COLUMNS = "id, account, client_order_id, customer_id, currency, total, items, attributes,"
            + " accepted_at, committed_at, fingerprint";

    /** The rows of a batch, from its parameters. */
    static final String ROWS = """
            SELECT unnest($1::uuid[]) AS id, unnest($2::text[]) AS account, unnest($3::text[]) AS client_order_id,
                   unnest($4::text[]) AS customer_id, unnest($5::text[]) AS currency,
                   unnest($6::text[])::numeric AS total, unnest($7::text[])::jsonb AS items,
                   unnest($8::text[])::jsonb AS attributes,
                   timestamptz 'epoch' + unnest($9::bigint[]) * interval '1 microsecond' AS accepted_at,
                   statement_timestamp() AS committed_at, unnest($10::bytea[]) AS fingerprint""";

    private static final String COMMITTED_AT = "(extract(epoch FROM statement_timestamp()) * 1000000)::bigint";

    private static final String INSERTED = " RETURNING id) SELECT " + COMMITTED_AT
            + ", CASE WHEN array_agg(id) IS DISTINCT FROM $1::uuid[] THEN coalesce(array_agg(id), '{}') END FROM inserted";

    static final String NEW = "WITH inserted AS (INSERT INTO orders (" + COLUMNS + ") " + ROWS + INSERTED;

    static final String ANY = "WITH inserted AS (INSERT INTO orders (" + COLUMNS + ") " + ROWS
            + " ON CONFLICT (id) DO NOTHING" + INSERTED;

    private InsertStatement() {}

    /** Sends one of the two; fails as the client does. */
    static Future<Inserted> execute(PgConnection connection, String sql, Tuple parameters) {
        return connection
                .preparedQuery(sql)
                .execute(parameters)
                .map(rows -> Inserted.of(rows.iterator().next()));
    }

    /** Sends a batch of no order, and inserts nothing: the code of the way there is loaded before the first order needs it. */
    static Future<?> rehearse(PgConnection connection) {
        return connection.preparedQuery(ROWS).execute(parameters(List.of()));
    }

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

    /**
     * What was inserted.
     *
     * @param committedAtMicros of the rows, PostgreSQL's clock
     * @param all whether these are the rows that were sent
     * @param ids of the inserted rows where they are not
     */
    record Inserted(long committedAtMicros, boolean all, List<UUID> ids) {

        static Inserted of(Row row) {
            UUID[] ids = row.getArrayOfUUIDs(1);
            return new Inserted(row.getLong(0), ids == null, ids == null ? List.of() : List.of(ids));
        }
    }
}
