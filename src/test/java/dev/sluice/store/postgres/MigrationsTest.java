package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.order.Outcome.Committed;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contract")
class MigrationsTest {

    private static final int NODES = 8;

    private final Vertx vertx = Vertx.vertx();
    private final String uri = TestPostgres.freshDatabase();

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private List<Integer> migrate() throws Exception {
        return get(new PgConnector(vertx, PgRig.config(uri)).migrate());
    }

    @Test
    void aFreshDatabaseIsMigratedOnce() throws Exception {
        assertEquals(List.of(1, 2), migrate());
        assertEquals(List.of(), migrate());
        assertEquals(
                "1 orders,2 api_keys",
                TestPostgres.queryText(
                        uri, "select string_agg(version || ' ' || name, ',' order by version) from sluice_migrations"));
        assertEquals("0", TestPostgres.queryText(uri, "select count(*)::text from orders"));
    }

    @Test
    void nodesThatStartTogetherMigrateOnceAndRaiseNoNotice() throws Exception {
        List<String> notices = new CopyOnWriteArrayList<>();
        List<Future<List<Integer>>> nodes = Stream.generate(() -> PgConnection.connect(
                                vertx, PgConnectOptions.fromUri(uri))
                        .compose(connection -> {
                            connection.noticeHandler(notice -> notices.add(notice.getMessage()));
                            return Migrations.migrate(connection).eventually(connection::close);
                        }))
                .limit(NODES)
                .toList();
        int migrated = 0;
        for (Future<List<Integer>> node : nodes) {
            migrated += get(node).size();
        }
        assertEquals(2, migrated);
        assertEquals(List.of(), notices);
    }

    @Test
    void aMigrationWaitsForAnotherBeyondTheTimeoutsOfOrders() throws Exception {
        PgConnection other = get(PgConnection.connect(vertx, PgConnectOptions.fromUri(uri)));
        get(other.query("begin; select pg_advisory_xact_lock(" + 0x736c75696365L + ")")
                .execute());
        Future<List<Integer>> migration = new PgConnector(vertx, PgRig.config(uri, 50)).migrate();
        TestPostgres.execute(uri, "select pg_sleep(0.3)");
        assertEquals(false, migration.isComplete(), "it waits");
        get(other.query("commit").execute());
        assertEquals(List.of(1, 2), get(migration));
        get(other.close());
    }

    @Test
    void aDatabaseOfALaterReleaseIsLeftAloneAndUsed() throws Exception {
        migrate();
        TestPostgres.execute(uri, "alter table orders add column note text default 'later'");
        TestPostgres.execute(uri, "insert into sluice_migrations (version, name) values (99, 'later')");
        assertEquals(List.of(), migrate());
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            assertInstanceOf(
                    Committed.class, rig.insert(TestOrders.many("k", 1), 10_000).get(0));
            assertEquals("later", rig.sql("select note from orders"));
        }
    }
}
