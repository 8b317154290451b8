package dev.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageTest {

    private static final long BEFORE_THE_WRAP = Long.MAX_VALUE - 50;

    @Test
    void anAbsenceWithinTheGraceIsABlink() {
        Outage outage = new Outage(100);
        long t = BEFORE_THE_WRAP;
        assertFalse(outage.isLasting(false, t));
        assertFalse(outage.isLasting(false, t + 99));
        assertFalse(outage.isLasting(false, t + 100));
        assertTrue(outage.isLasting(false, t + 101));
    }

    @Test
    void aReturnEndsItAndTheNextAbsenceHasAGraceOfItsOwn() {
        Outage outage = new Outage(100);
        long t = BEFORE_THE_WRAP;
        outage.observe(false, t);
        assertFalse(outage.isLasting(true, t + 200));
        assertFalse(outage.isLasting(false, t + 250));
        outage.observe(false, t + 300);
        assertFalse(outage.isLasting(false, t + 350));
        assertTrue(outage.isLasting(false, t + 351));
    }

    @Test
    void ordersWaitForAStoreThatBlinks() {
        WriterRig rig = new WriterRig(WriterRig.options());
        rig.store.up(false);
        Future<List<Outcome>> reply = rig.accept(TestOrders.order("k"));
        rig.clock.advanceMs(WriterRig.WAIT_MAX_MS - WriterRig.TICK_MS);
        assertEquals(List.of(), rig.store.batches());
        rig.store.up(true);
        assertInstanceOf(Committed.class, rig.outcome(reply));
    }

    @Test
    void inALastingOutageOrdersAreRefusedAtOnceAndNothingIsSent() {
        WriterRig rig = new WriterRig(WriterRig.options());
        rig.store.up(false);
        Future<List<Outcome>> first = rig.accept(TestOrders.order("first"));
        rig.clock.advanceMs(WriterRig.WAIT_MAX_MS + 2 * WriterRig.TICK_MS);
        assertInstanceOf(NotStored.class, first.result().get(0));
        Future<List<Outcome>> later = rig.accept(TestOrders.order("later"));
        assertInstanceOf(NotStored.class, later.result().get(0));
        assertEquals(List.of(), rig.store.batches());
    }

    @Test
    void ordersAreTakenAgainWhenTheStoreIsBack() {
        WriterRig rig = new WriterRig(WriterRig.options());
        rig.store.up(false);
        rig.clock.advanceMs(10 * WriterRig.DEADLINE_MS);
        rig.store.up(true);
        assertInstanceOf(Committed.class, rig.outcome(rig.accept(TestOrders.order("k"))));
    }
}
