package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.Conflict;
import dev.sluice.order.Outcome.Refused;
import dev.sluice.order.Outcome.Replayed;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.StoreFailure.Kind;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch that PostgreSQL refuses is judged order by order, in one transaction more. */
@Tag("contract")
class PgRefusalsTest {

    private static final long AMPLE_MS = 10_000;

    private static final String BAD = "client_order_id like 'bad%'";
    private static final String FUNCTION = "create function refuse() returns trigger language plpgsql as"
            + " $$ begin if new." + BAD + " then raise exception 'sold out: %', new.client_order_id; end if;"
            + " return new; end $$;";

    private final PgRig rig = PgRig.up(PgRig.config(TestPostgres.freshDatabase()));

    @AfterEach
    void close() {
        rig.close();
    }

    private static List<Order> half(String run, int orders) {
        List<Order> batch = new ArrayList<>();
        for (int i = 0; i < orders; i++) {
            batch.add(TestOrders.order((i % 2 == 0 ? "good" : "bad") + run + i));
        }
        return TestOrders.sorted(batch);
    }

    private void assertOnlyTheBadAreRefused(List<Order> batch) {
        List<Outcome> outcomes = rig.insert(batch, AMPLE_MS);
        Set<Long> commits = new HashSet<>();
        for (int i = 0; i < batch.size(); i++) {
            String key = String.valueOf(batch.get(i).clientOrderId());
            if (key.startsWith("bad")) {
                assertInstanceOf(Refused.class, outcomes.get(i), key);
            } else {
                commits.add(
                        assertInstanceOf(Committed.class, outcomes.get(i), key).committedAtMicros());
            }
        }
        assertEquals(1, commits.size(), "all that are good commit in one transaction");
        assertEquals(
                commits.iterator().next().toString(),
                rig.sql("select (extract(epoch from max(committed_at)) * 1000000)::bigint::text from orders"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FUNCTION + "create trigger refuse before insert on orders for each row execute function refuse()",
                FUNCTION + "create trigger refuse after insert on orders for each row execute function refuse()",
                FUNCTION + "create constraint trigger refuse after insert on orders deferrable initially deferred"
                        + " for each row execute function refuse()",
                "alter table orders add constraint refuse check (not (" + BAD + "))",
                "create unique index other on orders (customer_id) where " + BAD + ";"
                        + " insert into orders select gen_random_uuid(), 'x', 'bad', 'c', 'EUR', 1, '[]', null,"
                        + " '2020-01-01', '2020-01-01', ''",
            })
    void halfOfABatchIsRefusedAndTheOthersCommitAtOnce(String refusal) {
        rig.execute(refusal);
        for (String run : List.of("a", "b", "c")) {
            assertOnlyTheBadAreRefused(half(run, 64));
        }
    }

    @Test
    void theReasonOfEachIsItsOwn() {
        rig.execute(FUNCTION + "create trigger refuse before insert on orders for each row execute function refuse()");
        List<Order> batch = half("k", 6);
        List<Outcome> outcomes = rig.insert(batch, AMPLE_MS);
        for (int i = 0; i < batch.size(); i++) {
            if (outcomes.get(i) instanceof Refused refused) {
                assertEquals("PostgreSQL answered SQLSTATE P0001", refused.reason());
                assertEquals("sold out: " + batch.get(i).clientOrderId() + " (SQLSTATE P0001)", refused.text());
            }
        }
    }

    @Test
    void keysThatAreTakenAreJudgedBesideRefusals() {
        Order old = TestOrders.order("good-old", 1);
        Order changed = TestOrders.order("good-changed", 1);
        rig.insert(TestOrders.sorted(old, changed), AMPLE_MS);
        rig.execute(FUNCTION + "create trigger refuse before insert on orders for each row execute function refuse()");
        for (int round = 0; round < 3; round++) {
            List<Order> batch = TestOrders.sorted(
                    old,
                    TestOrders.order("good-changed", 2),
                    TestOrders.order("bad"),
                    TestOrders.order("good-new" + round));
            List<Outcome> outcomes = rig.insert(batch, AMPLE_MS);
            for (int i = 0; i < batch.size(); i++) {
                Class<?> expected = switch (String.valueOf(batch.get(i).clientOrderId())) {
                    case "good-old" -> Replayed.class;
                    case "good-changed" -> Conflict.class;
                    case "bad" -> Refused.class;
                    default -> Committed.class;
                };
                assertInstanceOf(expected, outcomes.get(i), batch.get(i).clientOrderId());
            }
        }
    }

    /** Then the batch stays refused as a whole, and its owner halves it. */
    @Test
    void withoutALoopInTheServerARefusedBatchFailsWhole() {
        rig.execute("alter table orders add constraint refuse check (not (" + BAD + "))");
        rig.execute("drop extension plpgsql");
        assertEquals(Kind.REFUSED, rig.failureOf(half("k", 4), AMPLE_MS));
        assertEquals("0", rig.sql("select count(*)::text from orders"));
    }

    @Test
    void aBatchOfRefusalsAloneLeavesNothing() {
        rig.execute("alter table orders add constraint refuse check (false) not valid");
        for (int round = 0; round < 2; round++) {
            assertTrue(rig.insert(half("k" + round, 9), AMPLE_MS).stream().allMatch(Refused.class::isInstance));
        }
        assertEquals("0", rig.sql("select count(*)::text from orders"));
    }

    @Test
    void whenTheRefusalsEndBatchesAreInsertedWholeAgain() {
        rig.execute("alter table orders add constraint refuse check (not (" + BAD + "))");
        rig.insert(half("k", 4), AMPLE_MS);
        rig.execute("alter table orders drop constraint refuse");
        for (String run : List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")) {
            assertTrue(rig.insert(half("-" + run + "-", 4), AMPLE_MS).stream().allMatch(Committed.class::isInstance));
        }
        assertEquals("4", transactions("-a-"), "a subtransaction an order");
        assertEquals("1", transactions("-j-"), "the batch is whole");
    }

    private String transactions(String run) {
        return rig.sql(
                "select count(distinct xmin::text)::text from orders where client_order_id like '%" + run + "%'");
    }
}
