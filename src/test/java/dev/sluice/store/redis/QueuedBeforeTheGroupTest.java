package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Redis lost everything beneath a connection that goes on: entries are there before their group is. */
@Tag("contract")
class QueuedBeforeTheGroupTest {

    private static final long AMPLE_MS = 10_000;

    @Test
    void whatWasQueuedBeforeTheGroupWasThereIsDrained() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server)) {
            rig.overflow();
            server.command("FLUSHALL");
            List<Order> orders = TestOrders.many("early", 3);
            rig.await(() -> rig.overflow().offer(orders, rig.in(AMPLE_MS)))
                    .forEach(outcome -> assertInstanceOf(Outcome.Queued.class, outcome));
            rig.reader("a");
            assertEquals(3, rig.await(() -> rig.reader("a").read(10)).size());
        }
    }
}
