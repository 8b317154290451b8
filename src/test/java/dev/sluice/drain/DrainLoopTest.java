package dev.sluice.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.FakeOverflow.Call;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainLoopTest extends DrainRig {

    @Test
    void everyEntryBecomesARowAndIsSettledAfterTheCommitOnly() {
        List<Order> orders = queued(3 * BATCH_MAX + 1);
        store.plan(FakeOrderStore.Fate.COMMIT, 20);
        start();
        clock.advanceMs(15);
        assertEquals(List.of(), overflow.settled(), "nothing is committed yet");
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(orders.size(), store.rows().size());
        assertEquals(orders.size(), metrics.overflow().drained().total());
        assertEquals(DrainState.IDLE, drain.state());
        assertEquals(0, overflow.calls(Call.LETTERS), "there was no dead letter");
    }

    @Test
    void whileAllGoesWellTheNextBatchIsReadBesideAnInsert() {
        queued(3 * BATCH_MAX);
        store.plan(FakeOrderStore.Fate.COMMIT, 20);
        start();
        clock.advanceMs(10);
        assertEquals(1, store.batches().size());
        assertEquals(2, overflow.calls(Call.READ));
        assertEquals(List.of(), overflow.settled());
        liveOrders = 100;
        drain.tick();
        clock.advanceMs(25);
        assertEquals(2, overflow.calls(Call.READ), "beside live orders it takes one step after the other");
    }

    @Test
    void itsStopWaitsForTheSettlementBesideAnInsert() {
        queued(4 * BATCH_MAX);
        delays = () -> 5L;
        store.plan(FakeOrderStore.Fate.COMMIT, 20);
        start();
        clock.advanceMs(28);
        Future<Void> stopped = drain.stop();
        clock.advanceMs(100);
        assertTrue(stopped.succeeded());
        long settled = overflow.settled().stream().mapToLong(List::size).sum();
        assertEquals(store.rows().size(), settled, "what is committed is settled");
    }

    @Test
    void repeatedEntriesOfOneOrderAreOneRow() {
        List<Order> orders = queued(3);
        orders.forEach(overflow::put);
        overflow.put(orders.get(0));
        start();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(3, store.rows().size());
        assertEquals(3, metrics.overflow().drained().total());
    }

    @Test
    void anEntryThatHoldsNothingIsSettled() {
        Order order = TestOrders.order("k");
        overflow.put(order);
        overflow.orders().clear();
        start();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(0, metrics.overflow().drained().total());
        assertEquals(0, store.rows().size());
    }

    @Test
    void besideLiveOrdersItGetsAFairShare() {
        store.plan(FakeOrderStore.Fate.COMMIT, 8);
        delays = () -> 1L;
        queued(200 * BATCH_MAX);
        liveOrders = 100;
        start();
        for (int i = 0; i < 500; i++) {
            drain.tick();
            clock.advanceMs(10);
        }
        int batches = store.batches().size();
        assertTrue(
                batches >= 125 && batches <= 144, "a quarter of five seconds, nine milliseconds a batch: " + batches);
    }

    @Test
    void metricsTellHowFullItIs() {
        store.up(false);
        queued(7);
        start();
        clock.advanceMs(5_000);
        drain.look().onFailure(AssertionError::new);
        clock.advanceMs(2);
        assertEquals(7, metrics.overflow().depth().now());
        assertEquals(5, metrics.overflow().oldestSeconds().now(), 0.1);
        assertEquals(0, metrics.overflow().deadLetters().now());
        store.refuse(any -> true);
        store.up(true);
        clock.advanceMs(1_000);
        drain.look().onFailure(AssertionError::new);
        clock.advanceMs(2);
        assertEquals(0, metrics.overflow().depth().now());
        assertEquals(0, metrics.overflow().oldestSeconds().now());
        assertEquals(7, metrics.overflow().deadLetters().now());
    }

    @Test
    void stopEndsAfterTheStepThatIsUnderWay() {
        queued(1);
        store.plan(FakeOrderStore.Fate.COMMIT, 500);
        start();
        clock.advanceMs(100);
        var stopped = drain.stop();
        assertFalse(stopped.isComplete());
        clock.advanceMs(1_000);
        assertTrue(stopped.isComplete());
        assertTrue(overflow.isEmpty());
        assertEquals(DrainState.STOPPED, drain.state());
        int reads = overflow.calls(Call.READ);
        clock.advanceMs(10_000);
        assertEquals(reads, overflow.calls(Call.READ));
        for (List<Settlement> settlements : overflow.settled()) {
            assertEquals(1, settlements.size());
        }
    }

    @Test
    void stopDoesNotWaitForAPause() {
        store.up(false);
        start();
        clock.advanceMs(10);
        assertTrue(drain.stop().isComplete());
    }
}
