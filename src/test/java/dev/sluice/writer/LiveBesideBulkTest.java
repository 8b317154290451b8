package dev.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.order.Priority;
import dev.sluice.store.FakeOrderStore.Fate;
import dev.sluice.store.TestOrders;
import org.junit.jupiter.api.Test;

/** What bulk leaves to live orders while these come, and that it takes all of it when they do not. */
class LiveBesideBulkTest {

    private final WriterRig rig = new WriterRig(
            "writer.batchMax=512",
            "writer.batchBytesMax=1000000000",
            "writer.bufferMax=10000",
            "writer.bufferBytesMax=1000000000");

    private void bulk(int orders) {
        rig.accept(TestOrders.many("bulk" + rig.clock.elapsedMs(), orders), Priority.BULK);
    }

    @Test
    void bulkAloneFillsEveryBatch() {
        rig.store.plan(Fate.COMMIT, 100);
        bulk(1_024);
        assertEquals(2, rig.store.outstanding());
        assertEquals(512, rig.store.batches().get(0).size());
        assertEquals(512, rig.store.batches().get(1).size());
    }

    @Test
    void whileLiveOrdersComeBulkIsSentInShortBatchesAndOneAtATime() {
        rig.accept(TestOrders.order("live"));
        rig.until(rig.writer::isIdle);
        rig.store.plan(Fate.COMMIT, 100);
        bulk(1_024);
        assertEquals(1, rig.store.outstanding());
        assertEquals(32, rig.store.batches().get(1).size());
    }

    @Test
    void aLiveOrderFindsItsPlaceBesideBulk() {
        rig.accept(TestOrders.order("live"));
        rig.until(rig.writer::isIdle);
        rig.store.plan(Fate.COMMIT, 100);
        bulk(200);
        rig.accept(TestOrders.order("next"));
        assertEquals(2, rig.store.outstanding());
        assertEquals(32, rig.store.batches().get(1).size());
        assertEquals(33, rig.store.batches().get(2).size());
    }

    @Test
    void whenNoLiveOrderCameForAWhileBulkTakesAllAgain() {
        rig.accept(TestOrders.order("live"));
        rig.until(rig.writer::isIdle);
        rig.clock.advanceMs(501);
        rig.store.plan(Fate.COMMIT, 100);
        bulk(1_024);
        assertEquals(2, rig.store.outstanding());
        assertEquals(512, rig.store.batches().get(1).size());
    }
}
