package dev.sluice.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.FakeOrderStore.Plan;
import dev.sluice.store.FakeOverflow.Call;
import dev.sluice.store.FakeOverflow.Fate;
import dev.sluice.store.TestOrders;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a drain does while a store is away, or while a step of it fails: nothing is lost, nothing is doubled. */
class DrainOutagesTest extends DrainRig {

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "LOSE", "BREAK"})
    void aSettlementThatFailsBesideAnInsertIsDoneInTheEnd(Fate fate) {
        List<Order> orders = queued(4 * BATCH_MAX);
        Iterator<Fate> failing = List.of(fate, Fate.ANSWER, fate, fate).iterator();
        fates = () -> failing.hasNext() ? failing.next() : Fate.ANSWER;
        delays = () -> 5L;
        store.plan(FakeOrderStore.Fate.COMMIT, 20);
        start();
        clock.advanceMs(10_000);
        assertTrue(overflow.isEmpty());
        assertEquals(orders.size(), store.rows().size());
        assertEquals(Set.of(), overflow.dead().keySet());
        assertEquals(DrainState.IDLE, drain.state());
    }

    @Test
    void anOutageSettlesNothingAndKeepsTheBatch() {
        queued(BATCH_MAX);
        store.plan(FakeOrderStore.Fate.FAIL, 1);
        start();
        clock.advanceMs(60_000);
        assertEquals(List.of(), overflow.settled());
        assertEquals(Set.of(), overflow.dead().keySet());
        assertEquals(BATCH_MAX, overflow.orders().size());
        assertTrue(
                store.batches().size() < 300, "it backs off: " + store.batches().size());
        assertEquals(DrainState.POSTGRES_AWAY, drain.state());
        store.plan(FakeOrderStore.Fate.COMMIT, 1);
        clock.advanceMs(3_000);
        assertTrue(overflow.isEmpty());
        assertEquals(BATCH_MAX, store.rows().size());
    }

    @Test
    void aStoreThatIsAwayIsNotTriedAndTakenUpAtOnceWhenItIsBack() {
        queued(3);
        store.up(false);
        start();
        clock.advanceMs(60_000);
        assertEquals(List.of(), store.batches());
        assertEquals(DrainState.POSTGRES_AWAY, drain.state());
        store.up(true);
        clock.advanceMs(100);
        assertEquals(3, store.rows().size());
    }

    @Test
    void anOverflowThatGoesAwayIsDrainedToItsEndWhenItIsBack() {
        List<Order> orders = queued(3 * BATCH_MAX);
        store.plan(FakeOrderStore.Fate.COMMIT, 20);
        start();
        clock.advanceMs(15);
        overflow.up(false);
        clock.advanceMs(60_000);
        assertEquals(DrainState.REDIS_AWAY, drain.state());
        assertEquals(BATCH_MAX, store.rows().size(), "what was read before is committed, and nothing more is read");
        assertEquals(List.of(), overflow.settled());
        overflow.up(true);
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(orders.size(), store.rows().size());
        assertEquals(orders.size(), metrics.overflow().drained().total(), "each is counted once");
        assertEquals(DrainState.IDLE, drain.state());
    }

    @Test
    void readsThatFailBackOffAndTheDrainGoesOnWhenTheyWork() {
        queued(BATCH_MAX);
        overflow.plan(Fate.FAIL, 1);
        start();
        clock.advanceMs(60_000);
        assertEquals(DrainState.REDIS_AWAY, drain.state());
        int reads = overflow.calls(Call.READ);
        assertTrue(reads > 100 && reads <= 60_000 / DrainMachine.RETRY_MAX_MS + 5, "it backs off: " + reads);
        planChanges();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(BATCH_MAX, store.rows().size());
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundAgain() {
        queued(5);
        store.plan(FakeOrderStore.Fate.LOSE, 1);
        start();
        clock.advanceMs(10);
        assertEquals(5, store.rows().size());
        assertFalse(overflow.isEmpty());
        store.plan(FakeOrderStore.Fate.COMMIT, 1);
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(5, metrics.overflow().drained().total());
    }

    @Test
    void whateverBreaksInAStepAnotherOneFollows() {
        int[] left = {0};
        Runnable bug = () -> {
            if (left[0]-- > 0) {
                throw new IllegalStateException("a bug");
            }
        };
        store.plan(batch -> {
            bug.run();
            return new Plan(FakeOrderStore.Fate.COMMIT, 1);
        });
        delays = () -> {
            bug.run();
            return 1L;
        };
        start();
        for (int bugs = 1; bugs < 20; bugs++) {
            queued(BATCH_MAX + 1);
            left[0] = bugs;
            clock.advanceMs(20_000);
            assertTrue(left[0] < 0, "void: nothing broke");
            assertTrue(overflow.isEmpty(), "after " + bugs);
        }
        assertEquals(BATCH_MAX + 1, store.rows().size());
        assertTrue(drain.stop().succeeded());
    }

    @Test
    void aLookThatBreaksIsNotTheLast() {
        delays = () -> {
            throw new IllegalStateException("a bug");
        };
        drain.look().onFailure(AssertionError::new);
        delays = () -> 1L;
        queued(3);
        drain.look().onFailure(AssertionError::new);
        clock.advanceMs(2);
        assertEquals(3, metrics.overflow().depth().now());
    }

    @Test
    void aDrainerThatDiesBetweenCommitAndSettleLosesAndDoublesNothing() {
        queued(5);
        delays = () -> store.rows().isEmpty() ? 1L : 10_000L;
        start();
        clock.advanceMs(100);
        assertEquals(5, store.rows().size());
        assertEquals(List.of(), overflow.settled());
        reader.die();
        fates = () -> Fate.BREAK;
        clock.advanceMs(20_000);
        fates = () -> Fate.ANSWER;
        delays = () -> 1L;
        drain(overflow.reader()).start();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(5, store.rows().size());
    }

    @Test
    void aSettlementThatIsRefusedIsRepeatedAndOneThatIsLostIsLookedAtAgain() {
        for (Fate fate : List.of(Fate.FAIL, Fate.LOSE, Fate.BREAK)) {
            fates = () -> fate;
            overflow.put(TestOrders.order("k" + fate));
            if (fate == Fate.FAIL) {
                start();
            }
            clock.advanceMs(500);
            fates = () -> Fate.ANSWER;
            clock.advanceMs(5_000);
            assertTrue(overflow.isEmpty(), fate.toString());
        }
        assertEquals(3, store.rows().size());
        assertEquals(Set.of(), overflow.dead().keySet());
    }
}
