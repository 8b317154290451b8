package dev.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.metrics.Bound;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.order.Outcome.Unknown;
import dev.sluice.store.FakeOrderStore.Fate;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the writer refuses: below, at and above each bound. */
class WriterBoundsTest {

    private static final int WEIGHT = TestOrders.order("k").weightBytes();

    /** Takes both places in flight, so that what comes next has to wait. */
    private static void fillFlight(WriterRig rig) {
        rig.store.plan(Fate.COMMIT, 100);
        rig.accept(TestOrders.order("flight-a"));
        rig.accept(TestOrders.order("flight-b"), TestOrders.order("flight-c"));
        assertEquals(2, rig.writer.inFlight());
        assertEquals(0, rig.writer.pending());
    }

    private static long refused(WriterRig rig, Bound bound) {
        return rig.metrics.refused().of(bound).total();
    }

    @Test
    void ordersThatFillTheBufferAreTakenAndTheNextIsRefusedAtOnce() {
        WriterRig rig = new WriterRig("writer.bufferMax=5", "writer.bufferBytesMax=" + (1 << 20));
        fillFlight(rig);
        Future<List<Outcome>> below = rig.accept(TestOrders.many("below", 4));
        Future<List<Outcome>> at = rig.accept(TestOrders.order("at"));
        assertEquals(5, rig.writer.pending());
        Future<List<Outcome>> above = rig.accept(TestOrders.order("above"));
        assertInstanceOf(NotStored.class, above.result().get(0));
        assertEquals(1, refused(rig, Bound.WRITER_BUFFER));
        rig.outcomes(below).forEach(outcome -> assertInstanceOf(Committed.class, outcome));
        assertInstanceOf(Committed.class, rig.outcome(at));
        assertInstanceOf(Committed.class, rig.outcome(rig.accept(TestOrders.order("later"))));
        assertFalse(rig.store.rows().containsKey(TestOrders.order("above").id()));
    }

    @Test
    void aMessageThatOverfillsTheBufferIsTakenInPart() {
        WriterRig rig = new WriterRig("writer.bufferMax=5", "writer.bufferBytesMax=" + (1 << 20));
        fillFlight(rig);
        List<Outcome> outcomes = rig.outcomes(rig.accept(TestOrders.many("k", 7)));
        assertEquals(5, outcomes.stream().filter(Committed.class::isInstance).count());
        assertEquals(2, outcomes.stream().filter(NotStored.class::isInstance).count());
    }

    @Test
    void bytesThatFillTheBufferAreTakenAndTheNextIsRefusedAtOnce() {
        WriterRig rig = new WriterRig("writer.bufferMax=1000", "writer.bufferBytesMax=" + (3L * WEIGHT));
        fillFlight(rig);
        Future<List<Outcome>> taken = rig.accept(TestOrders.many("k", 3));
        assertEquals(3L * WEIGHT, rig.writer.pendingBytes());
        assertInstanceOf(
                NotStored.class, rig.accept(TestOrders.order("above")).result().get(0));
        assertEquals(1, refused(rig, Bound.WRITER_BUFFER_BYTES));
        rig.outcomes(taken).forEach(outcome -> assertInstanceOf(Committed.class, outcome));
        assertEquals(0, rig.writer.pendingBytes());
    }

    @Test
    void aBatchKeepsToItsBytesAndAHeavyOrderIsNotStuck() {
        WriterRig rig = new WriterRig("writer.batchBytesMax=" + 2L * WEIGHT);
        fillFlight(rig);
        rig.accept(TestOrders.many("k", 3));
        Order heavy = TestOrders.order("heavy" + "y".repeat(50), 1, "1." + "0".repeat(4));
        String document = TestOrders.document("heavy", 1, "1");
        Order heavier = TestOrders.parse(document.substring(0, document.length() - 1) + ",\"attributes\":{\"a\":\""
                + "x".repeat(2 * WEIGHT) + "\"}}");
        rig.accept(heavy);
        assertInstanceOf(Committed.class, rig.outcome(rig.accept(heavier)));
        for (List<Order> batch : rig.store.batches()) {
            int weight = batch.stream().mapToInt(Order::weightBytes).sum();
            assertTrue(weight <= 2 * WEIGHT || batch.size() == 1, batch.size() + " orders of " + weight + " bytes");
        }
    }

    @Test
    void whatWaitsTooLongIsRefusedUnsent() {
        WriterRig rig = new WriterRig();
        fillFlight(rig);
        rig.store.plan(Fate.STALL, 0);
        rig.until(() -> rig.writer.inFlight() == 0);
        rig.accept(TestOrders.order("stalled"));
        rig.accept(TestOrders.many("stalled-too", 2));
        Order waiting = TestOrders.order("waiting");
        Future<List<Outcome>> reply = rig.accept(waiting);
        rig.clock.advanceMs(WriterRig.WAIT_MAX_MS);
        assertFalse(reply.isComplete(), "it may wait as long as that");
        rig.clock.advanceMs(WriterRig.TICK_MS);
        assertInstanceOf(NotStored.class, reply.result().get(0));
        assertEquals(1, refused(rig, Bound.STORE_DEADLINE));
        rig.until(rig.writer::isIdle);
        assertTrue(rig.store.batches().stream().noneMatch(batch -> batch.contains(waiting)), "not stored, yet sent");
    }

    @Test
    void aStoreThatDoesNotAnswerIsGivenUpAtTheDeadlineOfTheOldest() {
        WriterRig rig = new WriterRig();
        rig.store.plan(Fate.STALL, 0);
        Future<List<Outcome>> reply = rig.accept(TestOrders.order("k"));
        rig.clock.advanceMs(WriterRig.DEADLINE_MS - 1);
        assertFalse(reply.isComplete());
        rig.clock.advanceMs(1);
        assertInstanceOf(Unknown.class, reply.result().get(0));
    }

    @Test
    void waitingCountsTowardsTheDeadline() {
        WriterRig rig = new WriterRig();
        rig.store.plan(Fate.COMMIT, 200);
        rig.accept(TestOrders.order("a"));
        rig.accept(TestOrders.many("b", 2));
        rig.store.plan(Fate.STALL, 0);
        Future<List<Outcome>> waited = rig.accept(TestOrders.order("c"));
        assertEquals(WriterRig.DEADLINE_MS, rig.until(waited::isComplete));
        assertInstanceOf(Unknown.class, waited.result().get(0));
    }
}
