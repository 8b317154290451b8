package dev.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.Conflict;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.order.Outcome.Refused;
import dev.sluice.order.Outcome.Replayed;
import dev.sluice.order.Outcome.Unknown;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.FakeOrderStore.Fate;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the writer tells each order, and in what batches it sends them. */
class BatchWriterTest {

    private final WriterRig rig = new WriterRig();

    @Test
    void aLoneOrderIsSentAtOnce() {
        rig.accept(TestOrders.order("k"));
        assertEquals(1, rig.store.batches().size());
        assertEquals(1, rig.writer.inFlight());
        assertFalse(rig.writer.isIdle());
    }

    @Test
    void noReplyBeforeTheCommit() {
        rig.store.plan(Fate.COMMIT, 100);
        Future<List<Outcome>> reply = rig.accept(TestOrders.order("k"));
        rig.clock.advanceMs(99);
        assertFalse(reply.isComplete());
        rig.clock.advanceMs(1);
        assertInstanceOf(Committed.class, reply.result().get(0));
        assertTrue(rig.writer.isIdle());
    }

    @Test
    void whileOneBatchCommitsTheNextFills() {
        rig.store.plan(Fate.COMMIT, 50);
        rig.accept(TestOrders.order("a"));
        rig.accept(TestOrders.order("b"));
        assertEquals(1, rig.store.batches().size(), "one order alone waits for the batch in flight");
        rig.accept(TestOrders.order("c"));
        assertEquals(2, rig.store.batches().size(), "two fill a batch beside it");
        rig.accept(TestOrders.many("d", 9));
        assertEquals(2, rig.store.outstanding(), "two are the most in flight");
        assertEquals(9, rig.writer.pending());
        rig.until(rig.writer::isIdle);
        assertEquals(
                List.of(1, 2, 4, 4, 1),
                rig.store.batches().stream().map(List::size).toList());
        assertEquals(2, rig.store.outstandingMax());
        assertEquals(12, rig.store.rows().size());
    }

    @Test
    void oneReplyHasEveryOutcomeInItsPlace() {
        rig.outcome(rig.accept(TestOrders.order("old")));
        Order poison = TestOrders.order("poison");
        rig.store.refuse(poison::equals);
        List<Outcome> outcomes = rig.outcomes(rig.accept(
                TestOrders.order("old", 2),
                TestOrders.order("z"),
                poison,
                TestOrders.order("old"),
                TestOrders.order("a")));
        assertInstanceOf(Conflict.class, outcomes.get(0));
        assertInstanceOf(Committed.class, outcomes.get(1));
        assertInstanceOf(Refused.class, outcomes.get(2));
        assertInstanceOf(Replayed.class, outcomes.get(3));
        assertInstanceOf(Committed.class, outcomes.get(4));
    }

    @Test
    void aRepetitionInTheBatchSharesTheRowOfTheFirst() {
        Order first = TestOrders.order("k", 1, "12.50");
        Future<List<Outcome>> leader = rig.accept(first, TestOrders.order("k", 1, "12.5"));
        List<Outcome> outcomes = rig.outcomes(leader);
        long at = assertInstanceOf(Committed.class, outcomes.get(0)).committedAtMicros();
        assertEquals(new Replayed(new StoredOrder(first, at)), outcomes.get(1));
        assertEquals(1, rig.store.batches().get(0).size());
    }

    @Test
    void aRepetitionSharesAnEndThatIsNoCommit() {
        rig.store.plan(Fate.FAIL, 1);
        List<Outcome> failed = rig.outcomes(rig.accept(TestOrders.order("k"), TestOrders.order("k")));
        assertInstanceOf(NotStored.class, failed.get(0));
        assertInstanceOf(NotStored.class, failed.get(1));
        rig.store.plan(Fate.LOSE, 1);
        List<Outcome> lost = rig.outcomes(rig.accept(TestOrders.order("l"), TestOrders.order("l")));
        assertInstanceOf(Unknown.class, lost.get(0));
        assertInstanceOf(Unknown.class, lost.get(1));
    }

    @Test
    void aRivalIsJudgedAfterTheFirstIsSettled() {
        List<Outcome> outcomes =
                rig.outcomes(rig.accept(TestOrders.order("k", 1), TestOrders.order("k", 2), TestOrders.order("k", 1)));
        assertInstanceOf(Committed.class, outcomes.get(0));
        assertInstanceOf(Conflict.class, outcomes.get(1));
        assertInstanceOf(Replayed.class, outcomes.get(2));
        assertEquals(1, rig.store.outstandingMax());
        assertTrue(rig.writer.isIdle());
    }

    @Test
    void aRivalOfAnOrderThatWasNotStoredTakesItsPlace() {
        rig.store.plan(batch -> new dev.sluice.store.FakeOrderStore.Plan(
                batch.get(0).itemsJson().contains(":1,") ? Fate.FAIL : Fate.COMMIT, 1));
        List<Outcome> outcomes = rig.outcomes(rig.accept(TestOrders.order("k", 1), TestOrders.order("k", 2)));
        assertInstanceOf(NotStored.class, outcomes.get(0));
        assertInstanceOf(Committed.class, outcomes.get(1));
    }

    @Test
    void everyFateHasItsTrueOutcome() {
        assertInstanceOf(NotStored.class, one(Fate.FAIL));
        assertInstanceOf(Unknown.class, one(Fate.LOSE));
        assertInstanceOf(Unknown.class, one(Fate.BREAK));
        assertInstanceOf(Unknown.class, one(Fate.STALL));
        assertInstanceOf(Unknown.class, one(Fate.BLUNDER));
        assertInstanceOf(Committed.class, one(Fate.COMMIT));
        assertTrue(rig.writer.isIdle(), "a failed batch leaves its place in flight");
    }

    private Outcome one(Fate fate) {
        rig.store.plan(fate, 1);
        return rig.outcome(rig.accept(TestOrders.order(fate.name())));
    }
}
