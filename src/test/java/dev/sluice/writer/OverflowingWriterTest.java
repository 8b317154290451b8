package dev.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.batch.Takeover.State;
import dev.sluice.metrics.Bound;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.Conflict;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.order.Outcome.Queued;
import dev.sluice.order.Outcome.Replayed;
import dev.sluice.order.Outcome.Unknown;
import dev.sluice.store.FakeOrderStore.Fate;
import dev.sluice.store.FakeOverflow;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What the writer does with what PostgreSQL cannot take. */
class OverflowingWriterTest {

    private static final int HIGH_MARK = 8;

    private final WriterRig rig = WriterRig.withOverflow("writer.bufferMax=100", "overflow.highWatermark=" + HIGH_MARK);

    private Outcome one(Order order) {
        return rig.outcome(rig.accept(order));
    }

    private void takeOver() {
        rig.store.plan(Fate.FAIL, 1);
        assertInstanceOf(Queued.class, one(TestOrders.order("takes-over")));
        assertEquals(State.OVERFLOWING, rig.writer.takeover());
    }

    @Test
    void whatIsNotNeededIsNotAsked() {
        for (int i = 0; i < 20; i++) {
            assertInstanceOf(Committed.class, one(TestOrders.order("k" + i)));
        }
        assertEquals(0, rig.overflow.calls(FakeOverflow.Call.FIND));
        assertEquals(List.of(), rig.overflow.offers());
    }

    @Test
    void whoIsRefusedHearsWhenTheQueueWillHaveLeft() {
        takeOver();
        rig.store.plan(Fate.COMMIT, 1);
        rig.overflow.plan(FakeOverflow.Fate.FAIL, 1);
        assertEquals(1, rig.writer.retryAfterSeconds(), "one entry, and nothing is known of a drain");
        rig.overflow.secondsToEmpty(OptionalDouble.of(7.2));
        assertEquals(8, rig.writer.retryAfterSeconds());
        rig.overflow.secondsToEmpty(OptionalDouble.of(100));
        assertEquals(30, rig.writer.retryAfterSeconds());
        rig.overflow.secondsToEmpty(OptionalDouble.of(0));
        assertEquals(1, rig.writer.retryAfterSeconds());
    }

    @Test
    void aFailedBatchGoesOverWithTheSameIds() {
        rig.store.plan(Fate.FAIL, 1);
        Order order = TestOrders.order("k");
        assertEquals(new Queued(order, false), one(order));
        assertEquals(order, rig.overflow.orders().get(order.id()));
    }

    @Test
    void aBatchPastItsDeadlineGoesOver() {
        rig.store.plan(Fate.STALL, 0);
        rig.overflow.plan(FakeOverflow.Fate.ANSWER, 20);
        Future<List<Outcome>> reply = rig.accept(TestOrders.order("k"));
        assertEquals(WriterRig.DEADLINE_MS + 20, rig.until(reply::isComplete));
        assertInstanceOf(Queued.class, reply.result().get(0));
    }

    @Test
    void anAnswerThatWasLostIsQueuedBesideItsRow() {
        rig.store.plan(Fate.LOSE, 1);
        Order order = TestOrders.order("k");
        assertInstanceOf(Queued.class, one(order));
        assertTrue(rig.store.rows().containsKey(order.id()), "the id makes the second copy harmless");
    }

    @Test
    void noReplyBeforeTheOverflowHasIt() {
        rig.store.plan(Fate.FAIL, 1);
        rig.overflow.plan(FakeOverflow.Fate.ANSWER, 100);
        Future<List<Outcome>> reply = rig.accept(TestOrders.order("k"));
        rig.clock.advanceMs(100);
        assertFalse(reply.isComplete());
        assertFalse(rig.writer.isIdle(), "a writer that stops waits for its offers");
        rig.clock.advanceMs(1);
        assertInstanceOf(Queued.class, reply.result().get(0));
        assertTrue(rig.writer.isIdle());
    }

    @Test
    void whatTheOverflowDoesNotTakeKeepsWhatPostgresLeftOfIt() {
        rig.overflow.plan(FakeOverflow.Fate.FAIL, 1);
        rig.store.plan(Fate.FAIL, 1);
        assertInstanceOf(NotStored.class, one(TestOrders.order("a")));
        rig.store.plan(Fate.BREAK, 1);
        assertInstanceOf(Unknown.class, one(TestOrders.order("b")));
        rig.overflow.up(false);
        assertInstanceOf(Unknown.class, one(TestOrders.order("c")));
    }

    @Test
    void anOverflowThatDoesNotAnswerLeavesItUnknown() {
        rig.store.plan(Fate.FAIL, 1);
        for (FakeOverflow.Fate fate : List.of(FakeOverflow.Fate.STALL, FakeOverflow.Fate.LOSE)) {
            rig.overflow.plan(fate, 1);
            Future<List<Outcome>> reply = rig.accept(TestOrders.order(fate.name()));
            assertTrue(rig.until(reply::isComplete) <= 801);
            assertInstanceOf(Unknown.class, reply.result().get(0));
        }
    }

    @Test
    void anOrderThatMayBeARowIsNoConflict() {
        rig.store.plan(Fate.FAIL, 1);
        one(TestOrders.order("k", 1));
        rig.overflow.plan(call -> new FakeOverflow.Plan(
                rig.overflow.calls(FakeOverflow.Call.FIND) == 1
                                && rig.overflow.offers().size() == 1
                        ? FakeOverflow.Fate.FAIL
                        : FakeOverflow.Fate.ANSWER,
                1));
        rig.clock.advanceMs(100);
        rig.store.plan(Fate.BREAK, 1);
        assertInstanceOf(Unknown.class, one(TestOrders.order("k", 2)));
    }

    @Test
    void whileAwayOrdersGoOverInBatchesAndNothingIsSentToPostgres() {
        takeOver();
        int sent = rig.store.batches().size();
        int offers = rig.overflow.offers().size();
        rig.overflow.plan(FakeOverflow.Fate.ANSWER, 20);
        for (int i = 0; i < 10; i++) {
            rig.accept(TestOrders.order("k" + i));
        }
        rig.until(rig.writer::isIdle);
        assertEquals(sent, rig.store.batches().size());
        assertEquals(
                List.of(1, 2, 4, 3),
                rig.overflow.offers().subList(offers, rig.overflow.offers().size()).stream()
                        .map(List::size)
                        .toList());
    }

    @Test
    void whatWaitsGoesOverWhenPostgresFails() {
        rig.store.plan(Fate.BREAK, 30);
        rig.accept(TestOrders.many("flight", 8));
        Future<List<Outcome>> waiting = rig.accept(TestOrders.many("waiting", 5));
        rig.clock.advanceMs(30 + 2);
        rig.outcomes(waiting).forEach(outcome -> assertInstanceOf(Queued.class, outcome));
        assertEquals(2, rig.store.batches().size());
    }

    @Test
    void oneProbeBringsPostgresBack() {
        takeOver();
        rig.store.plan(Fate.COMMIT, 20);
        rig.clock.advanceMs(100);
        Future<List<Outcome>> probe = rig.accept(TestOrders.many("probe", 6));
        assertEquals(State.PROBING, rig.writer.takeover());
        Future<List<Outcome>> beside = rig.accept(TestOrders.order("beside"));
        assertInstanceOf(Queued.class, rig.outcome(beside));
        List<Outcome> outcomes = rig.outcomes(probe);
        assertEquals(4, outcomes.stream().filter(Committed.class::isInstance).count(), "one batch");
        assertEquals(2, outcomes.stream().filter(Queued.class::isInstance).count(), "the rest goes over");
        assertEquals(State.NORMAL, rig.writer.takeover());
        assertInstanceOf(Committed.class, one(TestOrders.order("later")));
    }

    @Test
    void aProbeThatFailsIsQueued() {
        takeOver();
        rig.clock.advanceMs(100);
        int sent = rig.store.batches().size();
        assertInstanceOf(Queued.class, one(TestOrders.order("probe")));
        assertEquals(sent + 1, rig.store.batches().size());
        assertInstanceOf(Queued.class, one(TestOrders.order("at-once")));
        assertEquals(sent + 1, rig.store.batches().size());
    }

    @Test
    void ordersWaitForAStoreThatBlinksAndGoOverWhenItStaysAway() {
        rig.store.up(false);
        Future<List<Outcome>> first = rig.accept(TestOrders.order("first"));
        long took = rig.until(first::isComplete);
        assertInstanceOf(Queued.class, first.result().get(0));
        assertTrue(took >= WriterRig.WAIT_MAX_MS / 3 && took <= WriterRig.WAIT_MAX_MS / 3 + 20, took + " ms");
        assertInstanceOf(Queued.class, one(TestOrders.order("later")));
        rig.store.up(true);
        assertInstanceOf(Committed.class, one(TestOrders.order("back")));
    }

    /** The start of a node: its connections take longer than the grace. */
    @Test
    void theFirstOrdersAfterAStartGoToPostgresToo() {
        rig.store.up(false);
        rig.clock.advanceMs(WriterRig.WAIT_MAX_MS);
        rig.store.up(true);
        rig.store.plan(Fate.COMMIT, 20);
        Future<List<Outcome>> first = rig.accept(TestOrders.order("first"));
        Future<List<Outcome>> beside = rig.accept(TestOrders.many("beside", 6));
        assertInstanceOf(Committed.class, rig.outcome(first));
        rig.outcomes(beside).forEach(outcome -> assertInstanceOf(Committed.class, outcome));
        assertEquals(List.of(), rig.overflow.offers());
    }

    @Test
    void atTheHighMarkOrdersSpillAndPostgresGoesOn() {
        rig.store.plan(Fate.COMMIT, 50);
        rig.accept(TestOrders.many("flight", 8));
        Future<List<Outcome>> waiting = rig.accept(TestOrders.many("waiting", HIGH_MARK));
        assertEquals(HIGH_MARK, rig.writer.pending());
        assertEquals(State.NORMAL, rig.writer.takeover());
        assertInstanceOf(Queued.class, one(TestOrders.order("above")));
        assertEquals(State.SPILLING, rig.writer.takeover());
        rig.outcomes(waiting).forEach(outcome -> assertInstanceOf(Committed.class, outcome));
        assertInstanceOf(Committed.class, one(TestOrders.order("later")));
        assertEquals(State.NORMAL, rig.writer.takeover());
    }

    @Test
    void aFullOverflowGivesTheBufferBack() {
        rig.store.plan(Fate.COMMIT, 50);
        rig.overflow.plan(FakeOverflow.Fate.FAIL, 1);
        rig.accept(TestOrders.many("flight", 8));
        rig.accept(TestOrders.many("waiting", HIGH_MARK));
        assertInstanceOf(NotStored.class, one(TestOrders.order("refused")));
        assertInstanceOf(Committed.class, one(TestOrders.order("buffered")), "PostgreSQL may take what Redis will not");
    }

    @Test
    void whatFindsTheBufferFullGoesOver() {
        WriterRig small = WriterRig.withOverflow("writer.bufferMax=2", "overflow.highWatermark=400");
        small.store.plan(Fate.COMMIT, 50);
        small.accept(TestOrders.order("a"));
        small.accept(TestOrders.many("b", 2));
        List<Outcome> outcomes = small.outcomes(small.accept(TestOrders.many("c", 5)));
        assertEquals(2, outcomes.stream().filter(Committed.class::isInstance).count());
        assertEquals(2, outcomes.stream().filter(Queued.class::isInstance).count());
        assertEquals(1, outcomes.stream().filter(NotStored.class::isInstance).count(), "that buffer has a bound too");
        assertEquals(1, small.metrics.refused().of(Bound.WRITER_OVERFLOW).total());
    }

    @Test
    void whatWaitsTooLongForTheOverflowIsGivenUp() {
        takeOver();
        rig.overflow.plan(FakeOverflow.Fate.STALL, 0);
        rig.accept(TestOrders.order("a"));
        rig.accept(TestOrders.many("b", 2));
        Future<List<Outcome>> waiting = rig.accept(TestOrders.order("c"));
        long took = rig.until(waiting::isComplete);
        assertInstanceOf(NotStored.class, waiting.result().get(0), "unsent, so surely nowhere");
        assertTrue(took <= 420, took + " ms");
        assertEquals(1, rig.metrics.refused().of(Bound.OVERFLOW_DEADLINE).total());
    }

    @Test
    void whileEntriesAreQueuedKeysAreLookedUpThereFirst() {
        takeOver();
        Order queued = TestOrders.order("k", 1);
        one(queued);
        rig.store.plan(Fate.COMMIT, 1);
        rig.clock.advanceMs(100);
        assertInstanceOf(Committed.class, one(TestOrders.order("probe")));
        int looks = rig.overflow.calls(FakeOverflow.Call.FIND);
        List<Outcome> outcomes = rig.outcomes(rig.accept(
                TestOrders.order("k", 1, "12.5"),
                TestOrders.order("k", 2),
                TestOrders.order("k", 1),
                TestOrders.order("other")));
        assertEquals(new Queued(queued, true), outcomes.get(0));
        assertInstanceOf(Conflict.class, outcomes.get(1));
        assertEquals(new Queued(queued, true), outcomes.get(2));
        assertInstanceOf(Committed.class, outcomes.get(3));
        assertEquals(looks + 2, rig.overflow.calls(FakeOverflow.Call.FIND), "one look a batch, and one for the rival");
        assertFalse(rig.store.rows().containsKey(queued.id()));
        one(TestOrders.order(null));
        assertEquals(looks + 2, rig.overflow.calls(FakeOverflow.Call.FIND), "an order without a key is not looked up");
    }

    @Test
    void aRowOutranksAnEntryOfOtherContent() {
        Order row = TestOrders.order("k", 1);
        one(row);
        rig.overflow.orders().put(row.id(), TestOrders.order("k", 2));
        assertInstanceOf(Replayed.class, one(TestOrders.order("k", 1)));
        assertInstanceOf(Conflict.class, one(TestOrders.order("k", 3)));
    }

    @Test
    void withoutAnAnswerFromTheOverflowOrdersAreTakenWithoutThatLook() {
        takeOver();
        rig.store.plan(Fate.COMMIT, 1);
        rig.clock.advanceMs(100);
        one(TestOrders.order("probe"));
        rig.overflow.plan(FakeOverflow.Fate.STALL, 0);
        Future<List<Outcome>> reply = rig.accept(TestOrders.order("k"));
        assertTrue(rig.until(reply::isComplete) <= WriterRig.WAIT_MAX_MS / 3 + 1);
        assertInstanceOf(Committed.class, reply.result().get(0));
        int looks = rig.overflow.calls(FakeOverflow.Call.FIND);
        Future<List<Outcome>> next = rig.accept(TestOrders.order("l"));
        assertEquals(1, rig.until(next::isComplete), "nor is it asked again at once");
        assertEquals(looks, rig.overflow.calls(FakeOverflow.Call.FIND));
    }

    @Test
    void repetitionsAndRivalsGoOverBehindTheFirst() {
        rig.store.plan(Fate.BREAK, 1);
        Order first = TestOrders.order("k", 1);
        List<Outcome> outcomes = rig.outcomes(rig.accept(first, TestOrders.order("k", 2), TestOrders.order("k", 1)));
        assertEquals(new Queued(first, false), outcomes.get(0));
        assertInstanceOf(Conflict.class, outcomes.get(1));
        assertEquals(new Queued(first, true), outcomes.get(2));
    }

    @Test
    void aQueuedRepetitionIsAReplay() {
        takeOver();
        Order first = TestOrders.order("k");
        one(first);
        assertEquals(new Queued(first, true), one(TestOrders.order("k", 1, "12.5")));
        assertInstanceOf(Conflict.class, one(TestOrders.order("k", 2)));
    }
}
