package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table that scripts of users read: product.md, section 4. */
@Tag("contract")
class PgRowsTest {

    private final PgRig rig = PgRig.up(PgRig.config(TestPostgres.freshDatabase()));

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void theColumnsAreThoseOfTheContract() {
        TreeMap<String, String> columns = new TreeMap<>();
        TestPostgres.execute(
                        rig.uri(),
                        "select column_name, data_type || case is_nullable when 'NO' then ' not null' else '' end"
                                + " from information_schema.columns where table_name = 'orders'")
                .forEach(row -> columns.put(row.getString(0), row.getString(1)));
        TreeMap<String, String> contract = new TreeMap<>();
        contract.put("id", "uuid not null");
        contract.put("account", "text not null");
        contract.put("client_order_id", "text");
        contract.put("customer_id", "text not null");
        contract.put("currency", "text not null");
        contract.put("total", "numeric not null");
        contract.put("items", "jsonb not null");
        contract.put("attributes", "jsonb");
        contract.put("accepted_at", "timestamp with time zone not null");
        contract.put("committed_at", "timestamp with time zone not null");
        contract.put("fingerprint", "bytea not null");
        assertEquals(contract, columns);
        assertEquals(
                "id",
                rig.sql("select string_agg(a.attname, ',') from pg_index i join pg_attribute a on a.attrelid ="
                        + " i.indrelid and a.attnum = any (i.indkey) where i.indrelid = 'orders'::regclass"));
    }

    /** So the first order waits for no code to load. */
    @Test
    void aFreshConnectionHasSentABatchOfNoOrder() {
        assertEquals(
                "2",
                rig.sql("select count(*)::text from pg_stat_activity where datname = current_database()"
                        + " and query like 'SELECT unnest($1::uuid[])%'"));
        assertEquals("0", rig.sql("select count(*)::text from orders"));
    }

    @Test
    void everyValueIsInItsColumn() {
        Order order =
                TestOrders.parse("{\"clientOrderId\":\"web-7f3a-0001\",\"customerId\":\"Zoë\",\"currency\":\"EUR\","
                        + "\"items\":[{\"sku\":\"ABC-1\",\"quantity\":2,\"unitPrice\":\"12.50\"}],"
                        + "\"attributes\":{\"channel\":\"web\"}}");
        long committedAt = assertInstanceOf(
                        Outcome.Committed.class,
                        rig.insert(List.of(order), 10_000).get(0))
                .committedAtMicros();
        assertRow("id::text", "1db3ef6c-15ce-820b-97d8-b7396807a414");
        assertRow("account", "default");
        assertRow("client_order_id", "web-7f3a-0001");
        assertRow("customer_id", "Zoë");
        assertRow("currency", "EUR");
        assertRow("total::text", "25.00");
        assertRow("items::text", "[{\"sku\": \"ABC-1\", \"quantity\": 2, \"unitPrice\": \"12.50\"}]");
        assertRow("attributes::text", "{\"channel\": \"web\"}");
        assertRow("(extract(epoch from accepted_at) * 1000000)::bigint", Long.toString(order.acceptedAtMicros()));
        assertRow("(extract(epoch from committed_at) * 1000000)::bigint", Long.toString(committedAt));
        assertRow("encode(fingerprint, 'hex')", order.fingerprint().toString());
        assertRow("committed_at between now() - interval '1 minute' and now()", "true");
    }

    private void assertRow(String expression, String value) {
        assertEquals(value, rig.sql("select " + expression + " from orders"), expression);
    }

    @Test
    void whatWasNotSentIsNull() {
        rig.insert(List.of(TestOrders.order(null)), 10_000);
        assertRow("client_order_id is null and attributes is null", "true");
    }

    @Test
    void attributesThatAreEmptyAreNotNull() {
        String document = TestOrders.document("k", 1, "1");
        rig.insert(
                List.of(TestOrders.parse(document.substring(0, document.length() - 1) + ",\"attributes\":{}}")),
                10_000);
        assertRow("attributes = '{}'", "true");
    }

    @Test
    void aBatchHasOneTimeOfCommitFromTheServersClock() {
        List<Outcome> outcomes = rig.insert(TestOrders.many("k", 100), 10_000);
        assertEquals(1, outcomes.stream().distinct().count());
        assertEquals("1", rig.sql("select count(distinct committed_at)::text from orders"));
        assertTrue(Long.parseLong(rig.sql("select count(*)::text from orders")) == 100);
    }

    @Test
    void aRowThatWasDeletedFreesItsKey() {
        Order order = TestOrders.order("k");
        rig.insert(List.of(order), 10_000);
        rig.execute("delete from orders");
        assertInstanceOf(
                Outcome.Committed.class,
                rig.insert(List.of(TestOrders.order("k", 2)), 10_000).get(0));
    }

    /** Erasing personal data blanks content and keeps id and fingerprint: a repetition is a replay, beside any others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "customer_id = '', items = '[]', attributes = null",
                "items = '{}'",
                "items = 'null', attributes = 'null'",
                "items = '\"\"', attributes = '[]'",
                "items = '[null, 1, {\"sku\": {\"a\": []}, \"quantity\": \"x\"}]', total = 0"
            })
    void aBlankedRowStillProtectsItsKey(String blanked) {
        List<Order> before = List.of(TestOrders.order("k"), TestOrders.order("neighbour"));
        before.forEach(order -> rig.insert(List.of(order), 10_000));
        rig.execute("update orders set " + blanked + " where client_order_id = 'k'");
        List<Order> again = Stream.concat(before.stream(), Stream.of(TestOrders.order("new")))
                .sorted(Comparator.comparing(Order::id))
                .toList();
        List<Outcome> outcomes = rig.insert(again, 10_000);
        for (int i = 0; i < again.size(); i++) {
            boolean isNew = "new".equals(again.get(i).clientOrderId());
            Class<? extends Outcome> expected = isNew ? Outcome.Committed.class : Outcome.Replayed.class;
            assertInstanceOf(expected, outcomes.get(i));
        }
        assertInstanceOf(
                Outcome.Conflict.class,
                rig.insert(List.of(TestOrders.order("k", 2)), 10_000).get(0));
    }

    @Test
    void aRowThatATriggerMovesToAnotherTableIsCommitted() {
        rig.execute("create table orders_eur () inherits (orders)");
        rig.before("insert", "insert into orders_eur values (new.*); return null;");
        assertInstanceOf(
                Outcome.Committed.class,
                rig.insert(List.of(TestOrders.order("k")), 10_000).get(0));
        assertRow("count(*)::text", "1");
        rig.execute("drop trigger meddle on orders; drop table orders_eur");
    }

    @Test
    void anOrderWhoseRowATriggerGivesAnotherIdIsNotCommitted() {
        rig.before("insert", "new.id := gen_random_uuid(); return new;");
        assertInstanceOf(
                Outcome.Refused.class,
                rig.insert(List.of(TestOrders.order("k")), 10_000).get(0));
    }

    @Test
    void aRowThatIsDroppedOnlyOnceIsInsertedTheSecondTime() {
        rig.execute("create sequence tries");
        rig.before("insert", "if nextval('tries') = 1 then return null; end if; return new;");
        assertInstanceOf(
                Outcome.Committed.class,
                rig.insert(List.of(TestOrders.order("k")), 10_000).get(0));
    }

    @Test
    void anOrderForWhichATriggerRaisesAnExceptionIsRefused() {
        rig.before("insert", "raise exception 'sold out';");
        assertInstanceOf(
                Outcome.Refused.class,
                rig.insert(List.of(TestOrders.order("k")), 10_000).get(0));
    }
}
