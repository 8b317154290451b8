package dev.sluice.load.verify;

import dev.sluice.load.verify.Source.Place;
import dev.sluice.order.Fingerprint;
import dev.sluice.store.ClientVertx;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowStream;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code orders}, read once from end to end in one snapshot, as look-ups are by id and there is no index on
 * client order ids. Rows come {@value #FETCH_ROWS} at a time and are judged as they come: memory does not grow with the
 * table.
 */
public final class PostgresRows implements Source {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresRows.class);
    private static final int CONNECT_SECONDS = 10;
    private static final int FETCH_ROWS = 2_000;
    private static final String SQL = """
            SELECT id, account, client_order_id, customer_id, currency, total::text, items::text, attributes::text, fingerprint
            FROM orders WHERE starts_with(client_order_id, $1)""";

    private final Function<Vertx, Future<PgConnection>> connect;
    private final String place;
    private final Recomputed recomputed = new Recomputed();

    /**
     * Searches a PostgreSQL, which is only read; it may be a standby.
     *
     * @param place where it is, for messages
     */
    public PostgresRows(String place, Function<Vertx, Future<PgConnection>> connect) {
        this.place = place;
        this.connect = connect;
    }

    @Override
    public void search(String clientOrderIdPrefix, Sink sink) throws Exception {
        Vertx vertx = ClientVertx.make();
        try {
            connect.apply(vertx)
                    .timeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                    .compose(connection ->
                            stream(connection, clientOrderIdPrefix, sink).eventually(connection::close))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new Unreachable("cannot use the PostgreSQL at " + place + ": " + cause.getMessage(), cause);
        } finally {
            vertx.close().onFailure(error -> LOG.debug("not closed cleanly", error));
        }
    }

    /** A cursor lives in a transaction. */
    private Future<Void> stream(PgConnection connection, String prefix, Sink sink) {
        return connection
                .begin()
                .compose(transaction -> connection
                        .prepare(SQL)
                        .compose(statement -> stream(statement, prefix, sink))
                        .compose(done -> transaction.commit()));
    }

    private Future<Void> stream(PreparedStatement statement, String prefix, Sink sink) {
        Promise<Void> end = Promise.promise();
        RowStream<Row> rows = statement.createStream(FETCH_ROWS, Tuple.of(prefix));
        rows.exceptionHandler(end::tryFail);
        rows.endHandler(done -> end.tryComplete());
        rows.handler(row -> found(row, sink));
        return end.future().eventually(() -> rows.close());
    }

    private void found(Row row, Sink sink) {
        Fingerprint content =
                recomputed.of(row.getString(3), row.getString(4), row.getString(5), row.getString(6), row.getString(7));
        sink.found(Place.ROW, row.getUUID(0), row.getString(1), row.getString(2), content, stored(row.getBuffer(8)));
    }

    /** A fingerprint of another length is none of ours, and equals no content. */
    private static Fingerprint stored(Buffer bytes) {
        return Fingerprint.of(bytes.length() == Fingerprint.BYTES ? bytes.getBytes() : new byte[Fingerprint.BYTES]);
    }
}
