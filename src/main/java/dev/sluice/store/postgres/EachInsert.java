package dev.sluice.store.postgres;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.Stream;

/**
 * Inserts of orders of which some may be refused, each judged apart, in one transaction with one commit.
 *
 * <p>A cursor takes the batch to the server, where a loop inserts its rows one by one and catches what is refused: a
 * subtransaction a row, and neither a round trip nor a line in the server's log. Everything is sent at once, in one turn
 * of the event loop, so that no other call of the connection comes between.
 */
final class EachInsert {

    /** Constraints that would be judged at the commit would refuse all. */
    private static final String BEGIN = "BEGIN; SET CONSTRAINTS ALL IMMEDIATE";

    private static final String BATCH = "DECLARE sluice_batch CURSOR FOR " + InsertStatement.ROWS;

    private static final String VALUES = InsertStatement.COLUMNS.replaceAll("\\w+", "one.$0");

    /** One word an order: {@code +} has a row, {@code -} has none, {@code !} was refused; then when, or the error. */
    private static final String EACH =
            """
            DO $do$
            DECLARE
                batch refcursor := 'sluice_batch';
                one record;
                stored uuid;
                words text[] := '{}';
            BEGIN
                LOOP
                    FETCH batch INTO one;
                    EXIT WHEN NOT FOUND;
                    BEGIN
                        INSERT INTO orders (COLUMNS) VALUES (VALUES_OF_ONE)
                        ON CONFLICT (id) DO NOTHING RETURNING id INTO stored;
                        words := words || (CASE WHEN stored = one.id THEN '+' ELSE '-' END
                                           || (extract(epoch FROM one.committed_at) * 1000000)::bigint);
                    EXCEPTION WHEN OTHERS THEN
                        words := words || ('!' || SQLSTATE || SQLERRM);
                    END;
                END LOOP;
                PERFORM set_config('sluice.words', words::text, true);
            END $do$""".replace("COLUMNS", InsertStatement.COLUMNS).replace("VALUES_OF_ONE", VALUES);

    private static final String WORDS = "SELECT current_setting('sluice.words')::text[]";

    private static final int SQLSTATE_END = 6;

    private EachInsert() {}

    /**
     * Sends it all.
     *
     * @param batch the parameters of an insert
     * @return what became of each order, once that is committed
     */
    static Future<List<Attempt>> execute(PgConnection connection, Tuple batch) {
        Future<?> begun = connection.query(BEGIN).execute();
        Future<?> sent = connection.preparedQuery(BATCH).execute(batch);
        Future<?> done = connection.query(EACH).execute();
        Future<RowSet<Row>> words = connection.preparedQuery(WORDS).execute();
        Future<?> committed = connection.query("COMMIT").execute();
        return Future.all(begun, sent, done, words, committed)
                .map(all -> Stream.of(words.result().iterator().next().getArrayOfStrings(0))
                        .map(EachInsert::attempt)
                        .toList());
    }

    private static Attempt attempt(String word) {
        if (word.charAt(0) == '!') {
            return Attempt.failed(SqlStates.failure(word.substring(1, SQLSTATE_END), word.substring(SQLSTATE_END)));
        }
        return new Attempt(word.charAt(0) == '+', Long.parseLong(word.substring(1)), null);
    }
}
