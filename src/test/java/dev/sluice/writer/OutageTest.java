package dev.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageTest {

    @Test
    void ordersWaitForAStoreThatBlinks() {
        WriterRig rig = new WriterRig();
        rig.store.up(false);
        Future<List<Outcome>> reply = rig.accept(TestOrders.order("k"));
        rig.clock.advanceMs(WriterRig.WAIT_MAX_MS - WriterRig.TICK_MS);
        assertEquals(List.of(), rig.store.batches());
        rig.store.up(true);
        assertInstanceOf(Committed.class, rig.outcome(reply));
    }

    @Test
    void inALastingOutageOrdersAreRefusedAtOnceAndNothingIsSent() {
        WriterRig rig = new WriterRig();
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
        WriterRig rig = new WriterRig();
        rig.store.up(false);
        rig.clock.advanceMs(10 * WriterRig.DEADLINE_MS);
        rig.store.up(true);
        assertInstanceOf(Committed.class, rig.outcome(rig.accept(TestOrders.order("k"))));
    }
}
