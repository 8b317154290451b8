package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is named at the start of a node because it may surprise its owner later. */
@Tag("contract")
class HazardsTest {

    private static final long AMPLE_MS = 10_000;

    private static List<String> warnings(String uri) {
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            return rig.findings.get(rig.findings.size() - 1).warnings();
        }
    }

    private static String migrated() {
        String uri = TestPostgres.freshDatabase();
        assertEquals(List.of(), warnings(uri), "an ordinary database");
        TestPostgres.execute(
                uri, "create function meddle() returns trigger language plpgsql as 'begin return new; end'");
        return uri;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "trigger meddles (before insert, each row) on orders; before insert on orders for each row",
                "trigger meddles (after insert, each row) on orders; after insert on orders for each row",
                "trigger meddles (before insert, each statement) on orders; before insert or update on orders",
                "trigger meddles (after insert, each row) on orders; after insert on orders for each row when (new.total > 9)",
            })
    void aTriggerIsNamedWithWhatItMayCause(String named, String how) {
        String uri = migrated();
        TestPostgres.execute(uri, "create trigger meddles " + how + " execute function meddle()");
        List<String> warnings = warnings(uri);
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).startsWith(named), warnings.toString());
        assertTrue(warnings.get(0).contains("422 order_refused"), warnings.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create trigger other before update or delete on orders for each row execute function meddle()",
                "create trigger off before insert on orders for each row execute function meddle();"
                        + " alter table orders disable trigger off",
                "create table customers (id text primary key); insert into customers values ('c-42');"
                        + " alter table orders add foreign key (customer_id) references customers not valid",
                "create rule kept as on delete to orders do instead nothing",
            })
    void whatNoInsertMeetsIsNotNamed(String made) {
        String uri = migrated();
        TestPostgres.execute(uri, made);
        assertEquals(List.of(), warnings(uri));
    }

    @Test
    void aTriggerOfOnePartitionIsNamedOnceAndPartitionsAreFine() {
        String uri = migrated();
        TestPostgres.execute(
                uri,
                "create table parts (like orders including all) partition by hash (id); drop table orders;"
                        + " alter table parts rename to orders;"
                        + " create table orders_0 partition of orders for values with (modulus 2, remainder 0);"
                        + " create table orders_1 partition of orders for values with (modulus 2, remainder 1)");
        assertEquals(List.of(), warnings(uri));
        TestPostgres.execute(
                uri, "create trigger one before insert on orders_1 for each row execute function meddle()");
        assertEquals(1, warnings(uri).size());
        assertTrue(warnings(uri).get(0).startsWith("trigger one (before insert, each row) on orders_1 "));
        TestPostgres.execute(
                uri, "create trigger all_of_it after insert on orders for each row execute function meddle()");
        assertEquals(2, warnings(uri).size());
    }

    @Test
    void policiesThatBindTheRoleAreNamedWithTheMend() {
        String uri = migrated();
        String role = "r" + uri.substring(uri.lastIndexOf('/') + 1);
        TestPostgres.execute(
                uri,
                "create role " + role + " login password 'x'; grant select on sluice_migrations to " + role
                        + "; grant select, insert on orders to " + role
                        + "; alter table orders enable row level security;"
                        + " create policy all_of_it on orders using (true)");
        String bound = uri.replaceFirst("//[^@]+@", "//" + role + ":x@");
        List<String> warnings = warnings(bound);
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).endsWith("ALTER ROLE " + role + " BYPASSRLS;"), warnings.toString());
        assertEquals(List.of(), warnings(uri), "a superuser is not bound");
    }

    @Test
    void aDatabaseThatOnlyReadsIsNamed() {
        String uri = migrated();
        TestPostgres.execute(
                uri,
                "alter database " + uri.substring(uri.lastIndexOf('/') + 1)
                        + " set default_transaction_read_only = on");
        assertTrue(warnings(uri).get(0).contains("default_transaction_read_only"), "named");
    }

    private static String withEncoding(String encoding) {
        String other = TestPostgres.freshDatabase();
        String name = other.substring(other.lastIndexOf('/') + 1) + "_" + encoding.toLowerCase(java.util.Locale.ROOT);
        TestPostgres.execute(
                other, "create database " + name + " encoding '" + encoding + "' locale 'C' template template0");
        return other.substring(0, other.lastIndexOf('/') + 1) + name;
    }

    private static Order named(String key, String customer) {
        return TestOrders.parse(TestOrders.document(key, 1, "1").replace("\"c\"", "\"" + customer + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "WIN1252", "EUC_JP"})
    void anEncodingThatLacksCharactersIsNamedAndAnOrderWithOneIsRefused(String encoding) {
        String uri = withEncoding(encoding);
        List<String> warnings = warnings(uri);
        assertTrue(warnings.get(0).contains("encoding " + encoding), warnings.toString());
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            List<Order> lacking = List.of(named("emoji", "\uD83D\uDE00"));
            assertInstanceOf(
                    Outcome.Refused.class, rig.insert(lacking, AMPLE_MS).get(0));
            assertCommittedUnchanged(rig, named("plain", "Zoe"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Zo\u00eb", "\uD83D\uDE00", "\u65e5\u672c", "e\u0301"})
    void inSqlAsciiEveryTextComesBackAsItWasSentAndThatIsSaid(String customer) {
        String uri = withEncoding("SQL_ASCII");
        assertTrue(warnings(uri).get(0).contains("encoding SQL_ASCII"), "named");
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            assertCommittedUnchanged(rig, named("k", customer));
            String attributes = "{\"\u65e5\":\"" + customer + "\\u0001\\u001f" + "\"}";
            String document = TestOrders.document("a", 1, "1");
            assertCommittedUnchanged(
                    rig,
                    TestOrders.parse(
                            document.substring(0, document.length() - 1) + ",\"attributes\":" + attributes + "}"));
        }
    }

    private static void assertCommittedUnchanged(PgRig rig, Order order) {
        assertInstanceOf(
                Outcome.Committed.class, rig.insert(List.of(order), AMPLE_MS).get(0));
        assertEquals(
                order,
                rig.find(order.account(), order.id(), AMPLE_MS).orElseThrow().order());
    }
}
