package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.embedded.BundledServer;
import dev.sluice.fault.History.End;
import dev.sluice.order.Order;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.util.List;

/** PostgreSQL runs and takes no order, through no fault of the orders: 202 meanwhile, and no dead letter. */
class PostgresTakesNothingTest {

    private static final int ATTEMPTS_MAX = 50;

    @Fault("connection-limit")
    void noConnectionIsLeftForItsRole() throws Exception {
        TestPostgres postgres = TestPostgres.start();
        String uri = postgres.uri().replaceFirst("//[^@]+@", "//intake:intake@");
        TestPostgres.execute(postgres.uri(), "create role intake login password 'intake'");
        TestPostgres.execute(postgres.uri(), "alter database sluice owner to intake");
        try (NodeRig rig = NodeRig.serving(postgres, uri)) {
            Load load = rig.load();
            rig.sql("alter role intake connection limit 0");
            rig.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'intake'");
            load.awaitMore(100, End.QUEUED);
            rig.awaitState("the reason", () -> rig.postgres.log().contains("too many connections for role"));
            rig.sql("alter role intake connection limit -1");
            load.awaitMore(100, End.COMMITTED);
            rig.verifyAllAcknowledged();
        }
    }

    @Fault(value = "statement-timeout", slow = true)
    void everyInsertTakesTooLong() throws Exception {
        try (NodeRig rig = NodeRig.serving()) {
            Load load = rig.load();
            rig.sql("create function slow() returns trigger language plpgsql as"
                    + " $$ begin perform pg_sleep(20); return null; end $$");
            rig.sql("create trigger slow before insert on orders for each statement execute function slow()");
            load.awaitMore(100, End.QUEUED);
            rig.awaitState("the reason", () -> rig.postgres.log().contains("due to statement timeout"));
            rig.sql("drop trigger slow on orders");
            load.awaitMore(100, End.COMMITTED);
            rig.verifyAllAcknowledged();
        }
    }

    @Fault(value = "table-locked", slow = true)
    void somebodyLocksTheTable() throws Exception {
        try (NodeRig rig = NodeRig.serving();
                PostgresSession other = PostgresSession.open(rig.postgres.uri())) {
            Load load = rig.load();
            other.execute("begin");
            other.execute("lock table orders in access exclusive mode");
            load.awaitMore(100, End.QUEUED);
            rig.awaitState("the reason", () -> rig.postgres.log().contains("due to lock timeout"));
            other.execute("rollback");
            load.awaitMore(100, End.COMMITTED);
            rig.verifyAllAcknowledged();
        }
    }

    @Fault("deadlock")
    void aBatchIsTheVictimOfADeadlock() throws Exception {
        TestPostgres postgres =
                TestPostgres.start(BundledServer.Options.defaults().with("deadlock_timeout", "900ms"));
        // a batch waits for a lock for half of its deadline, which must be time enough for a deadlock to be noticed
        try (NodeRig rig = NodeRig.serving(
                        postgres, postgres.uri(), "writer.deadlineMs=2000", "overflow.deadlineMs=1400");
                PostgresSession other = PostgresSession.open(postgres.uri())) {
            rig.load();
            other.execute("set deadlock_timeout = '1h'"); // the node is the one to notice
            int pairs = 0;
            while (!postgres.log().contains("deadlock detected")) {
                assertTrue(pairs < ATTEMPTS_MAX, "void: no deadlock in " + pairs + " attempts");
                lockCrosswise(rig, other, "deadlock" + pairs++);
            }
            rig.verifyAllAcknowledged();
            assertEquals(
                    Integer.toString(2 * pairs),
                    rig.sqlText("select count(*)::text from orders where client_order_id like 'deadlock%'"));
        }
    }

    /** The other session holds the second row while a batch inserts both, then wants the first one. */
    private static void lockCrosswise(NodeRig rig, PostgresSession other, String key) throws Exception {
        List<Order> pair = TestOrders.sorted(TestOrders.order(key + "a"), TestOrders.order(key + "b"));
        try (HttpSocket client = new HttpSocket(rig.place.port())) {
            other.execute("begin");
            other.execute(insert(pair.get(1)));
            String both = TestOrders.document(key + "a") + "\n" + TestOrders.document(key + "b");
            client.send("POST /orders/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                    + "Content-Length: " + both.length() + "\r\n\r\n" + both);
            awaitWaiting(rig);
            other.attempt(insert(pair.get(0)));
            other.execute("rollback");
            int status = client.read().status();
            assertTrue(status == 201 || status == 202, "answered " + status);
        }
    }

    private static String insert(Order order) {
        return "insert into orders values ('" + order.id() + "', 'default', '" + order.clientOrderId()
                + "', 'other', 'EUR', 1, '[]', null, now(), now(), '\\x00')";
    }

    /** For a row of another transaction; within the time that a batch waits for it. */
    private static void awaitWaiting(NodeRig rig) throws Exception {
        Await.comes(
                1_000,
                () -> !rig.sqlText(
                                "select count(*)::text from pg_locks where not granted and locktype = 'transactionid'")
                        .equals("0"));
    }

    @Fault(value = "read-only", slow = true)
    void itsSessionsBecomeReadOnly() throws Exception {
        try (NodeRig rig = NodeRig.serving()) {
            Load load = rig.load();
            rig.sql("alter system set default_transaction_read_only = on");
            rig.sql("select pg_reload_conf()");
            load.awaitMore(100, End.QUEUED);
            rig.awaitState("the reason", () -> rig.postgres.log().contains("in a read-only transaction"));
            rig.sql("alter system reset default_transaction_read_only");
            rig.sql("select pg_reload_conf()");
            load.awaitMore(100, End.COMMITTED);
            rig.verifyAllAcknowledged();
        }
    }
}
