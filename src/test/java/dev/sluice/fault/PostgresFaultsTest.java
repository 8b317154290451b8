package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.rig.Await;
import dev.sluice.rig.Node;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PostgreSQL fails under load: the node tells the truth meanwhile, and goes on unaided. */
@Tag("contract")
class PostgresFaultsTest {

    private static void assertNoReset(Load load) {
        assertEquals(0, load.history.count(End.RESET), "the fault is behind the node: no client sees a reset");
    }

    @Test
    void aKilledServerThatComesBack() throws Exception {
        try (TestPostgres server = TestPostgres.start();
                Node node = Node.start(server.uri());
                Load load = Load.start(node.port())) {
            load.awaitMore(200, End.COMMITTED);
            server.kill();
            load.awaitMore(20, End.NOT_STORED);
            server.restart();
            load.awaitMore(200, End.COMMITTED);
            load.verify(server.uri());
            assertNoReset(load);
        }
    }

    @Test
    void aServerThatFreezesAndThaws() throws Exception {
        try (TestPostgres server = TestPostgres.start();
                Node node = Node.start(server.uri());
                Load load = Load.start(node.port())) {
            load.awaitMore(200, End.COMMITTED);
            server.freeze();
            load.awaitMore(1, End.UNKNOWN);
            load.awaitMore(20, End.NOT_STORED);
            Await.pause("until every connection is given up", 2_000);
            server.thaw();
            load.awaitMore(200, End.COMMITTED);
            load.verify(server.uri());
            assertNoReset(load);
        }
    }

    @Test
    void aBackendThatIsTerminatedInTheMiddle() throws Exception {
        String uri = TestPostgres.freshDatabase();
        try (Node node = Node.start(uri);
                Load load = Load.start(node.port())) {
            load.awaitMore(200, End.COMMITTED);
            for (int i = 0; i < 100 && load.history.count(End.UNKNOWN) == 0; i++) {
                TestPostgres.execute(
                        uri,
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and"
                                + " application_name = 'sluice' and pid <> pg_backend_pid()");
                load.awaitMore(20, End.COMMITTED);
            }
            load.await("an unknown outcome", () -> load.history.count(End.UNKNOWN) > 0);
            load.awaitMore(200, End.COMMITTED);
            load.verify(uri);
            assertNoReset(load);
        }
    }

    @Test
    void answersThatAreCutAfterTheCommit() throws Exception {
        String uri = TestPostgres.freshDatabase();
        try (TcpProxy proxy = TcpProxy.at(0, uri);
                Node node = Node.start(proxy.uri());
                Load load = Load.start(node.port())) {
            load.awaitMore(200, End.COMMITTED);
            for (int i = 0; i < 3; i++) {
                proxy.mute(true);
                load.awaitMore(1, End.UNKNOWN);
                proxy.mute(false);
                proxy.cut();
                load.awaitMore(100, End.COMMITTED);
            }
            load.awaitMore(1, End.REPLAYED);
            load.verify(uri);
            assertNoReset(load);
            String stored = TestPostgres.queryText(uri, "select count(*)::text from orders");
            assertTrue(
                    Long.parseLong(stored) > load.history.count(End.COMMITTED),
                    "void: no order was committed whose answer was cut");
        }
    }

    @Test
    void aRowThatIsForbiddenDuringTheLoad() throws Exception {
        String uri = TestPostgres.freshDatabase();
        try (Node node = Node.start(uri);
                Load load = Load.start(node.port())) {
            load.awaitMore(100, End.COMMITTED);
            TestPostgres.execute(
                    uri, "alter table orders add constraint unlucky check (client_order_id not like '%7') not valid");
            load.awaitMore(20, End.REFUSED);
            load.awaitMore(100, End.COMMITTED);
            load.verify(uri);
            assertNoReset(load);
        }
    }

    @Test
    void twoNodesThatRaceForTheSameKeys() throws Exception {
        String uri = TestPostgres.freshDatabase();
        try (Node one = Node.start(uri);
                Node two = Node.start(uri);
                Load load = Load.start(one.port(), two.port())) {
            load.awaitMore(1_000, End.COMMITTED);
            load.await("replays", () -> load.history.count(End.REPLAYED) > 20);
            load.await("conflicts", () -> load.history.count(End.CONFLICT) > 20);
            load.verify(uri);
            assertNoReset(load);
            assertEquals(
                    "0",
                    TestPostgres.queryText(
                            uri, "select deadlocks::text from pg_stat_database where datname = current_database()"));
        }
    }
}
