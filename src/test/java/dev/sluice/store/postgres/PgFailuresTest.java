package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.Conflict;
import dev.sluice.order.Outcome.Refused;
import dev.sluice.order.Outcome.Replayed;
import dev.sluice.rig.Ports;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFailure.Kind;
import dev.sluice.store.TestOrders;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What each failure of PostgreSQL says about the orders that were sent. */
@Tag("contract")
class PgFailuresTest {

    private static final long AMPLE_MS = 10_000;

    private final String uri = TestPostgres.freshDatabase();

    @Test
    void aRowThatAConstraintForbidsIsRefusedWithItsReason() {
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            rig.execute("alter table orders add constraint no_gbp check (currency <> 'GBP')");
            List<Order> batch = TestOrders.sorted(
                    TestOrders.order("k"),
                    TestOrders.parse(TestOrders.document("p", 1, "1").replace("EUR", "GBP")));
            List<Outcome> outcomes = rig.insert(batch, AMPLE_MS);
            int culprit = batch.get(0).currency().equals("GBP") ? 0 : 1;
            Refused refused = assertInstanceOf(Refused.class, outcomes.get(culprit));
            assertEquals("PostgreSQL answered SQLSTATE 23514", refused.reason());
            assertTrue(refused.text().contains("no_gbp"), refused.text());
            assertInstanceOf(Committed.class, outcomes.get(1 - culprit), "its neighbour");
            assertEquals("1", rig.sql("select count(*)::text from orders"));
            assertEquals(0, rig.downs(), "a refusal costs no connection");
        }
    }

    @Test
    void aRowThatStandsOutranksAConstraintThatCameAfterIt() {
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            Order order = TestOrders.order("k");
            rig.insert(List.of(order), AMPLE_MS);
            rig.execute("alter table orders add constraint none check (false) not valid");
            assertInstanceOf(
                    Replayed.class, rig.insert(List.of(order), AMPLE_MS).get(0));
            assertInstanceOf(
                    Conflict.class,
                    rig.insert(List.of(TestOrders.order("k", 2)), AMPLE_MS).get(0));
            assertInstanceOf(
                    Refused.class,
                    rig.insert(List.of(TestOrders.order("new")), AMPLE_MS).get(0));
        }
    }

    @Test
    void theServersOwnTimeoutsStoreNothing() throws Exception {
        try (PgRig rig = PgRig.up(PgRig.config(uri, 500))) {
            rig.before("insert", "perform pg_sleep(10); return new;");
            assertNotStored(rig, "57014"); // statement_timeout
            rig.execute("drop trigger meddle on orders");
            rig.stall();
            assertNotStored(rig, "55P03"); // lock_timeout
            assertEquals(0, rig.downs(), "a timeout of the server costs no connection");
            rig.resume();
            assertEquals("0", rig.sql("select count(*)::text from orders"));
            assertInstanceOf(
                    Committed.class,
                    rig.insert(TestOrders.many("k", 2), AMPLE_MS).get(0));
        }
    }

    private static void assertNotStored(PgRig rig, String sqlState) {
        StoreFailure failure = assertThrows(StoreFailure.class, () -> rig.insert(TestOrders.many("k", 2), AMPLE_MS));
        assertEquals(Kind.NOT_STORED, failure.kind());
        assertTrue(failure.reason().contains(sqlState), failure.reason());
    }

    @Test
    void whatWasGivenUpMayStillAppear() {
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            rig.insert(TestOrders.many("prepared", 1), AMPLE_MS);
            rig.stall();
            assertEquals(Kind.UNKNOWN, rig.failureOf(TestOrders.many("k", 2), 100));
            rig.resume();
            rig.await(
                    "the late commit",
                    () -> rig.sql("select count(*)::text from orders").equals("3"));
        }
    }

    @Test
    void nothingIsSentIntoAConnectionThatPassedItsDeadlineAndItIsClosed() {
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            rig.insert(TestOrders.many("prepared", 1), AMPLE_MS);
            rig.execute("alter table orders add constraint slow check (client_order_id <> 'stuck0' or"
                    + " pg_sleep(0.5)::text = '')");
            List<Outcome> next = rig.insertWhenFailed(TestOrders.many("stuck", 1), 50, TestOrders.many("next", 1));
            assertInstanceOf(Committed.class, next.get(0));
            rig.await(
                    "the stuck connection is closed, one took its place",
                    () -> rig.connections() == 2 && rig.connectionsAtServer().equals("2"));
            assertEquals(1, rig.downs());
        }
    }

    @Test
    void aTerminatedBackendLeavesItsBatchUnknownAndIsReplaced() {
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            rig.stall();
            Supplier<?> insert = rig.insertLater(TestOrders.many("k", 2), AMPLE_MS);
            rig.await("the batch waits", () -> waiting(rig).equals("1"));
            rig.sql("select pg_terminate_backend(pid)::text from pg_stat_activity where datname = current_database()"
                    + " and application_name = 'sluice' and wait_event_type = 'Lock'");
            assertEquals(
                    Kind.UNKNOWN, assertThrows(StoreFailure.class, insert::get).kind());
            rig.resume();
            assertInstanceOf(
                    Committed.class,
                    rig.insert(TestOrders.many("k", 2), AMPLE_MS).get(0));
        }
    }

    private static String waiting(PgRig rig) {
        return rig.sql("select count(*)::text from pg_stat_activity where datname = current_database()"
                + " and application_name = 'sluice' and wait_event_type = 'Lock'");
    }

    @Test
    void withoutAConnectionNothingIsStoredAndItIsMadeWhenItCan() throws Exception {
        int port = Ports.free();
        String nowhere = Ports.moved(uri, port);
        try (PgRig rig = PgRig.start(PgRig.config(nowhere))) {
            rig.await("told", () -> rig.refusals.size() > 4);
            assertFalse(rig.isUp());
            assertEquals(Kind.NOT_STORED, rig.failureOf(TestOrders.many("k", 1), AMPLE_MS));
            try (TcpProxy proxy = TcpProxy.at(port, uri)) {
                rig.await("connected unaided", () -> rig.connections() == 2);
                assertInstanceOf(
                        Committed.class,
                        rig.insert(TestOrders.many("k", 1), AMPLE_MS).get(0));
                assertTrue(proxy.accepted() >= 2);
            }
            rig.await("the loss is noticed", () -> rig.connections() == 0);
            assertFalse(rig.isUp());
        }
    }

    @Test
    void aStandbyThatOnlyReadsStoresNothing() {
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            rig.execute("alter database " + uri.substring(uri.lastIndexOf('/') + 1)
                    + " set default_transaction_read_only = on");
        }
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            assertEquals(Kind.NOT_STORED, rig.failureOf(TestOrders.many("k", 1), AMPLE_MS));
            assertEquals(0, rig.downs());
        }
    }

    @Test
    void aTableThatIsGoneCondemnsNoOrder() {
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            rig.execute("alter table orders rename to elsewhere");
            assertEquals(Kind.NOT_STORED, rig.failureOf(TestOrders.many("k", 1), AMPLE_MS));
            rig.execute("alter table elsewhere rename to orders");
            assertInstanceOf(
                    Committed.class,
                    rig.insert(TestOrders.many("k", 1), AMPLE_MS).get(0));
        }
    }
}
