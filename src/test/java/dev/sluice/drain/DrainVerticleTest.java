package dev.sluice.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.rig.Await;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.FakeOverflow;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowOperations;
import dev.sluice.store.SimClock;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a real event loop, which also moves the clock of the fakes. */
@Timeout(60)
class DrainVerticleTest {

    private final Vertx vertx = Vertx.vertx();
    private final Metrics metrics = Metrics.on("x");
    private final SimClock clock = new SimClock();
    private final FakeOrderStore store = new FakeOrderStore(clock);
    private final FakeOverflow overflow = new FakeOverflow(clock);

    private final DrainVerticle verticle = new DrainVerticle(
            loop -> new DrainVerticle.Stores(overflow.reader(), overflow, moving(loop)),
            SluiceConfig.of("overflow.drainBatchMax=16"),
            () -> 0,
            metrics);

    /** The drain's clock is the system's, the store's that of the fakes: a deadline of one is far away on the other. */
    private OrderStore moving(Vertx loop) {
        loop.setPeriodic(1, id -> clock.advanceMs(1));
        return new OrderStoreOnSimClock(store, clock);
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
        metrics.close();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    @Test
    void itDrainsAndCarriesOutWhatOperatorsAsk() throws Exception {
        List<Order> orders = TestOrders.many("k", 40);
        orders.forEach(overflow::put);
        store.refuse(orders.get(7)::equals);
        String id = await(vertx.deployVerticle(verticle));

        OverflowOperations.Status status = await(verticle.status());
        while (status.deadLetters() == 0
                || status.entries() > 0
                || !status.state().equals("idle")) {
            status = await(verticle.status());
        }
        assertTrue(status.up());
        assertEquals(39, status.drainedTotal());
        assertEquals(1, metrics.overflow().deadLetters().now());

        DeadLetter letter =
                await(verticle.deadLetters(null, 10, 1_000_000)).letters().get(0);
        assertEquals(orders.get(7), letter.order());
        assertEquals(letter, await(verticle.deadLetter(letter.id())).orElseThrow());
        assertEquals(letter, await(verticle.replay(letter.id())).orElseThrow());
        Await.until(
                "it dies again",
                () -> !await(verticle.deadLetters(null, 10, 1_000_000))
                        .letters()
                        .isEmpty());
        assertEquals(
                letter.id(), await(verticle.discard(letter.id())).orElseThrow().id());
        assertTrue(await(verticle.deadLetter(letter.id())).orElseThrow().discarded());
        assertEquals(List.of(), await(verticle.deadLetters(null, 10, 1_000_000)).letters());

        await(vertx.undeploy(id));
        assertNotRunning();
    }

    @Test
    void beforeItRunsEverythingFails() {
        assertNotRunning();
    }

    private void assertNotRunning() {
        for (Future<?> answer :
                List.of(verticle.status(), verticle.deadLetters(null, 1, 1), verticle.replay(UUID.randomUUID()))) {
            assertInstanceOf(StoreFailure.class, assertThrows(Exception.class, () -> await(answer)));
        }
    }
}
