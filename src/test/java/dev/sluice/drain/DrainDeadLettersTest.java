package dev.sluice.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.FakeOrderStore.Plan;
import dev.sluice.store.FakeOverflow;
import dev.sluice.store.TestOrders;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which queued orders become dead letters, and which never do. */
class DrainDeadLettersTest extends DrainRig {

    @Test
    void whatIsRefusedDiesWithItsReasonAndItsNeighboursCommit() {
        List<Order> orders = queued(BATCH_MAX);
        Order culprit = orders.get(5);
        store.refuse(culprit::equals);
        start();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(BATCH_MAX - 1, store.rows().size());
        assertEquals(
                Set.of(FakeOverflow.letterOf(culprit).toString()),
                overflow.dead().keySet());
        assertEquals(Set.of("refused " + culprit.clientOrderId()), reasons());
        assertEquals(BATCH_MAX - 1, metrics.overflow().drained().total());
    }

    @Test
    void firstCommitWins() {
        Order winner = TestOrders.order("k", 1);
        Order loser = TestOrders.order("k", 2);
        store.insert(List.of(winner), clock.deadlineIn(100)).onFailure(AssertionError::new);
        overflow.put(loser);
        start();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(winner, store.rows().get(winner.id()).order());
        assertEquals(Set.of("client_order_id_reused: another content was committed first"), reasons());
    }

    @Test
    void repeatedEntriesOfARefusedOrderAreOneDeadLetter() {
        Order order = TestOrders.order("k");
        overflow.put(order);
        overflow.put(order);
        store.refuse(order::equals);
        overflow.deadLettersMax(0);
        start();
        clock.advanceMs(5_000);
        assertTrue(overflow.orders().containsKey(order.id()), "nothing takes the order before it has died");
        overflow.deadLettersMax(1);
        clock.advanceMs(5_000);
        assertTrue(overflow.isEmpty());
        assertEquals(1, overflow.dead().size());
    }

    @Test
    void tenFailuresAloneWhileNeighboursCommitAreDeath() {
        Order cursed = TestOrders.order("cursed");
        store.plan(
                batch -> new Plan(batch.contains(cursed) ? FakeOrderStore.Fate.FAIL : FakeOrderStore.Fate.COMMIT, 1));
        overflow.put(cursed);
        List<Order> orders = queued(BATCH_MAX - 1);
        start();
        int more = 0;
        for (; more < 100 && overflow.dead().isEmpty(); more++) {
            overflow.put(TestOrders.order("more" + more));
            clock.advanceMs(500);
        }
        assertEquals(Set.of("failed alone 10 times while others were stored: rolled back"), reasons());
        assertTrue(triesAlone(cursed) >= 10, "alone: " + triesAlone(cursed));
        assertEquals(orders.size() + more, store.rows().size());
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
    }

    @Test
    void asManyAsThatDoNotStopTheOthers() {
        Set<Order> cursed = new HashSet<>(TestOrders.many("cursed", 5 * BATCH_MAX));
        List<Order> healthy = TestOrders.many("k", 5 * BATCH_MAX);
        cursed.forEach(overflow::put);
        healthy.forEach(overflow::put);
        store.plan(batch -> new Plan(
                batch.stream().anyMatch(cursed::contains) ? FakeOrderStore.Fate.FAIL : FakeOrderStore.Fate.COMMIT, 1));
        start();
        for (int i = 0; i < 200; i++) {
            overflow.put(TestOrders.order("more" + i));
            clock.advanceMs(500);
        }
        clock.advanceMs(5_000);
        assertEquals(cursed.size(), overflow.dead().size());
        assertEquals(healthy.size() + 200, store.rows().size());
        assertTrue(overflow.isEmpty());
    }

    @Test
    void withoutACommitBesideItNothingCountsAgainstAnEntry() {
        Order cursed = TestOrders.order("cursed");
        store.plan(
                batch -> new Plan(batch.contains(cursed) ? FakeOrderStore.Fate.FAIL : FakeOrderStore.Fate.COMMIT, 1));
        overflow.put(cursed);
        overflow.put(TestOrders.order("neighbour"));
        start();
        clock.advanceMs(600_000);
        assertEquals(1, store.rows().size(), "its neighbour is through");
        assertEquals(Set.of(), overflow.dead().keySet(), "and since then perhaps PostgreSQL takes nothing at all");
        assertTrue(triesAlone(cursed) > 10);
        assertTrue(triesAlone(cursed) < 3_000);
    }

    @Test
    void liveOrdersThatCommitAreNeighboursToo() {
        Order cursed = TestOrders.order("cursed");
        store.plan(FakeOrderStore.Fate.FAIL, 1);
        overflow.put(cursed);
        start();
        for (int i = 0; i < 100 && overflow.dead().isEmpty(); i++) {
            liveCommits++;
            drain.tick();
            clock.advanceMs(500);
        }
        assertEquals(Set.of("failed alone 10 times while others were stored: rolled back"), reasons());
        assertTrue(triesAlone(cursed) >= 10, "alone: " + triesAlone(cursed));
        assertTrue(overflow.isEmpty());
    }

    @Test
    void liveOrdersSayNothingOfAnEntryThatTheDrainsOwnConnectionDidNotOutlive() {
        store.plan(FakeOrderStore.Fate.BREAK, 1);
        overflow.put(TestOrders.order("cursed"));
        start();
        for (int i = 0; i < 200; i++) {
            liveCommits++;
            drain.tick();
            clock.advanceMs(500);
        }
        assertEquals(Set.of(), overflow.dead().keySet());
        assertEquals(1, overflow.orders().size());
    }

    @Test
    void aWriterThatLeavesTakesNoCommitBack() {
        liveCommits = 1_000_000;
        drain.tick();
        liveCommits = 3;
        drain.tick();
        liveOrdersThatCommitAreNeighboursToo();
    }

    @Test
    void aNeighbourThatFailsAloneDoesNotHoldUpOthers() {
        Set<Order> cursed = new HashSet<>(TestOrders.many("cursed", 3));
        cursed.forEach(overflow::put);
        queued(10 * BATCH_MAX);
        store.plan(batch -> new Plan(
                batch.stream().anyMatch(cursed::contains) ? FakeOrderStore.Fate.FAIL : FakeOrderStore.Fate.COMMIT, 1));
        start();
        clock.advanceMs(1_500);
        assertEquals(10 * BATCH_MAX, store.rows().size());
    }

    @Test
    void aDeadLetterWithoutMemoryHoldsUpNoOtherEntry() {
        Order culprit = queued(1).get(0);
        store.refuse(culprit::equals);
        overflow.deadLettersMax(0);
        overflow.deadLettersRefusal("no memory left");
        start();
        clock.advanceMs(1_000);
        TestOrders.many("other", 5 * BATCH_MAX).forEach(overflow::put);
        clock.advanceMs(20_000);
        assertEquals(5 * BATCH_MAX, store.rows().size());
        overflow.deadLettersMax(1);
        clock.advanceMs(20_000);
        assertTrue(overflow.isEmpty());
        assertEquals(
                Set.of(FakeOverflow.letterOf(culprit).toString()),
                overflow.dead().keySet());
    }

    @Test
    void atTheBoundOfDeadLettersItPausesUntilThereIsRoom() {
        List<Order> orders = queued(BATCH_MAX);
        store.refuse(orders.get(0)::equals);
        overflow.deadLettersMax(0);
        start();
        clock.advanceMs(60_000);
        assertEquals(DrainState.DEAD_LETTERS_FULL, drain.state());
        assertEquals(BATCH_MAX - 1, store.rows().size());
        assertEquals(1, overflow.orders().size(), "what is stored was settled, once");
        assertEquals(1, overflow.settled().size());
        overflow.put(TestOrders.order("later"));
        clock.advanceMs(10_000);
        assertEquals(BATCH_MAX - 1, store.rows().size(), "it is paused");
        overflow.deadLettersMax(1);
        clock.advanceMs(2_000);
        assertTrue(overflow.isEmpty());
        assertEquals(1, overflow.dead().size());
        assertEquals(BATCH_MAX, store.rows().size());
    }

    @Test
    void aCommitResolvesTheDeadLetterOfTheSameOrder() {
        Order order = TestOrders.order("k");
        store.refuse(order::equals);
        overflow.put(order);
        start();
        clock.advanceMs(1_000);
        assertEquals(1, overflow.dead().size());
        store.refuse(any -> false);
        overflow.put(order);
        clock.advanceMs(1_000);
        assertEquals(0, overflow.dead().size());
        assertEquals(1, store.rows().size());
    }

    private long triesAlone(Order order) {
        return store.batches().stream().filter(List.of(order)::equals).count();
    }
}
