package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Queued;
import dev.sluice.order.Outcome.Unknown;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With {@code appendfsync everysec} an order is queued when WAITAOF says that it is synced, and not before. */
@Tag("contract")
class WaitAofTest {

    private static final long AMPLE_MS = 15_000;

    private static SluiceConfig config(String uri) {
        return RedisRig.config(uri, "redis.connectTimeoutMs=5000", "overflow.deadlineMs=5000");
    }

    private static Outcome offer(RedisRig rig, Order order) {
        rig.overflow();
        return rig.await(() -> rig.overflow().offer(List.of(order), rig.in(AMPLE_MS)))
                .get(0);
    }

    @Test
    void onlyWhatIsSyncedIsAcknowledged() throws Exception {
        WaitAof waits = new WaitAof();
        try (TestRedis server = TestRedis.start("appendfsync", "everysec");
                TcpProxy proxy = TcpProxy.with(server.uri(), waits);
                RedisRig rig = RedisRig.on(server, config(proxy.uri()))) {
            assertInstanceOf(Queued.class, offer(rig, TestOrders.order("synced")));
            assertEquals(1, waits.waits().size());
            assertTrue(waits.waits().get(0).matches("EXEC WAITAOF 1 0 \\d+"), "after it: " + waits.waits());

            waits.answer(WaitAof.synced(0));
            Unknown late = assertInstanceOf(Unknown.class, offer(rig, TestOrders.order("late")));
            assertEquals("Redis did not sync to disk within the deadline", late.reason());

            waits.answer("-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.\r\n");
            assertInstanceOf(Unknown.class, offer(rig, TestOrders.order("broken")));

            waits.answer(WaitAof.synced(1));
            assertInstanceOf(Queued.class, offer(rig, TestOrders.order("again")));
            assertEquals(4, waits.waits().size());
        }
    }

    /** Runs where SLUICE_TEST_REDIS names a Redis of 7.2 or later, or a Valkey: the bundled one is older. */
    @Test
    void aServerThatTellsOfItsSyncsIsWaitedFor() throws Exception {
        try (TestRedis server = TestRedis.start("appendfsync", "everysec")) {
            Assumptions.assumeTrue(server.hasWaitAof(), "needs SLUICE_TEST_REDIS, a Redis of 7.2 or later");
            List<Order> orders = TestOrders.many("k", 5);
            try (RedisRig rig = RedisRig.on(server, config(server.uri()))) {
                for (Order order : orders) {
                    assertInstanceOf(Queued.class, offer(rig, order));
                }
                assertTrue(server.command("INFO", "commandstats").contains("cmdstat_waitaof:calls=5,"));
                server.restart();
                rig.awaitUp();
                List<java.util.UUID> ids = orders.stream().map(Order::id).toList();
                assertEquals(
                        5,
                        rig.await(() -> rig.overflow().find(ids, rig.in(AMPLE_MS)))
                                .size());
            }
        }
    }
}
