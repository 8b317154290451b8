package dev.sluice.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.order.Outcome.Refused;
import dev.sluice.order.Outcome.Unknown;
import dev.sluice.store.FakeOrderStore.Fate;
import dev.sluice.store.FakeOrderStore.Plan;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BisectionTest {

    private static final int ORDERS_MAX = 20;
    private static final long DEADLINE_MS = 1_000;

    private final SimClock clock = new SimClock();
    private final FakeOrderStore store = new FakeOrderStore(clock);

    private List<Outcome> insert(List<Order> batch) {
        Future<List<Outcome>> outcomes = Bisection.insert(store::insert, batch, clock.deadlineIn(DEADLINE_MS));
        clock.advanceMs(DEADLINE_MS);
        assertTrue(outcomes.succeeded(), "it never fails, and answers by the deadline");
        assertEquals(batch.size(), outcomes.result().size());
        return outcomes.result();
    }

    private void assertOnlyRefused(Set<Order> culprits, List<Order> batch) {
        store.refuse(culprits::contains);
        List<Outcome> outcomes = insert(batch);
        for (int i = 0; i < batch.size(); i++) {
            Order order = batch.get(i);
            String what = "order " + i + " of " + batch.size();
            if (culprits.contains(order)) {
                assertEquals(new Refused("refused " + order.clientOrderId()), outcomes.get(i), what);
            } else {
                assertInstanceOf(Committed.class, outcomes.get(i), what);
            }
            assertEquals(!culprits.contains(order), store.rows().containsKey(order.id()), what);
        }
    }

    @Test
    void aGoodBatchIsSentOnce() {
        assertOnlyRefused(Set.of(), TestOrders.many("k", ORDERS_MAX));
        assertEquals(1, store.batches().size());
    }

    @Test
    void oneCulpritAtAnyPlaceCostsOnlyItself() {
        for (int size = 1; size <= ORDERS_MAX; size++) {
            for (int place = 0; place < size; place++) {
                List<Order> batch = TestOrders.many("k" + size + "-" + place + "-", size);
                store.batches().clear();
                assertOnlyRefused(Set.of(batch.get(place)), batch);
                int halvings = 32 - Integer.numberOfLeadingZeros(size);
                assertTrue(store.batches().size() <= 1 + 2 * halvings, "more than two inserts for each halving");
            }
        }
    }

    @Test
    void severalCulpritsCostOnlyThemselves() {
        Random random = new Random(1);
        for (int round = 0; round < 100; round++) {
            List<Order> batch = TestOrders.many("k" + round + "-", 1 + random.nextInt(ORDERS_MAX));
            Set<Order> culprits = new HashSet<>(batch);
            culprits.removeIf(order -> random.nextInt(3) > 0);
            assertOnlyRefused(culprits, batch);
        }
    }

    @Test
    void aBatchOfCulpritsIsRefusedWhole() {
        List<Order> batch = TestOrders.many("k", ORDERS_MAX);
        assertOnlyRefused(Set.copyOf(batch), batch);
    }

    @Test
    void aHalfThatFailsOtherwiseSaysSoAndTheOtherCommits() {
        for (Fate fate : List.of(Fate.FAIL, Fate.BREAK, Fate.STALL, Fate.BLUNDER)) {
            List<Order> batch = TestOrders.many(fate + "-", 4);
            store.refuse(batch.get(3)::equals);
            store.plan(sent -> new Plan(sent.get(0).equals(batch.get(0)) && sent.size() == 2 ? fate : Fate.COMMIT, 1));
            List<Outcome> outcomes = insert(batch);
            Class<?> expected = fate == Fate.FAIL ? NotStored.class : Unknown.class;
            assertInstanceOf(expected, outcomes.get(0), fate.name());
            assertInstanceOf(expected, outcomes.get(1), fate.name());
            assertInstanceOf(Committed.class, outcomes.get(2), fate.name());
            assertInstanceOf(Refused.class, outcomes.get(3), fate.name());
        }
    }

    @Test
    void anOutageIsNotPoison() {
        for (Fate fate : List.of(Fate.FAIL, Fate.BREAK, Fate.LOSE, Fate.STALL, Fate.BLUNDER)) {
            store.plan(fate, 1);
            store.batches().clear();
            List<Outcome> outcomes = insert(TestOrders.many(fate + "-", 8));
            Class<?> expected = fate == Fate.FAIL ? NotStored.class : Unknown.class;
            outcomes.forEach(outcome -> assertInstanceOf(expected, outcome, fate.name()));
            assertEquals(1, store.batches().size(), "sent again after " + fate);
        }
    }
}
