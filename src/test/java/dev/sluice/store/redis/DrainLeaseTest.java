package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.TestRedis;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.OverflowState;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One of several drains has the lease of a partition, and only that one settles. */
@Tag("contract")
@Timeout(60)
class DrainLeaseTest {

    private static final String LEASE = "sluice:{0}:lease";
    private static final long AMPLE_MS = 10_000;

    private final TestRedis server = TestRedis.start();
    private final RedisRig rig = RedisRig.on(server);
    private final AtomicBoolean aWants = new AtomicBoolean(true);

    @AfterEach
    void close() {
        rig.close();
        server.close();
    }

    private RedisDrainQueue a() {
        return rig.leased("a", aWants::get);
    }

    private RedisDrainQueue b() {
        return rig.leased("b", () -> true);
    }

    private void offer(int count) {
        OverflowQueue overflow = rig.overflow();
        rig.await(() -> overflow.offer(TestOrders.many("k", count), rig.in(AMPLE_MS)));
    }

    private List<Delivery> readAll(RedisDrainQueue reader, int count) {
        List<Delivery> all = new ArrayList<>();
        rig.until(count + " deliveries", () -> {
            all.addAll(rig.await(() -> reader.read(count)));
            return all.size() >= count;
        });
        return all;
    }

    private void settle(RedisDrainQueue reader, List<Delivery> deliveries) {
        rig.await(() -> reader.settle(deliveries.stream().map(Settlement::done).toList()));
    }

    private OverflowState look() {
        return rig.await(() -> b().look());
    }

    private void aHasIt() {
        rig.until("a has the lease", a()::isDrainer);
        rig.until("b asked in vain", () -> b().isUp() && !b().isDrainer());
    }

    @Test
    void oneDrainsAndTheOtherReadsNothing() {
        aHasIt();
        offer(4);
        assertEquals(List.of(), rig.await(() -> b().read(10)));
        settle(a(), readAll(a(), 4));
        assertEquals(0, look().entries());
        assertEquals("a", server.command("GET", LEASE));
    }

    @Test
    void theNextOneBeginsAtOnceWithWhatALeavingOneHeld() {
        aHasIt();
        offer(4);
        readAll(a(), 4);
        rig.await(() -> a().close());
        List<Delivery> all = readAll(b(), 4);
        assertEquals(2, all.get(0).deliveries());
        settle(b(), all);
        assertEquals(0, look().entries());
    }

    @Test
    void aDrainThatLostItsLeaseSettlesNothing() {
        aHasIt();
        offer(4);
        List<Delivery> held = readAll(a(), 4);
        server.command("SET", LEASE, "another");
        List<Settlement> late = List.of(Settlement.done(held.get(0)), Settlement.dead(held.get(1), "no"));
        for (Settlement settlement : late) {
            StoreFailure lost =
                    assertThrows(StoreFailure.class, () -> rig.await(() -> a().settle(List.of(settlement))));
            assertEquals(StoreFailure.Kind.UNKNOWN, lost.kind(), "so that it is read again, not owed");
        }
        assertEquals(4, look().entries());
        assertEquals(0, look().deadLetters());
        assertFalse(a().isDrainer());
        assertEquals(List.of(), rig.await(() -> a().read(10)));

        server.command("DEL", LEASE);
        rig.until("one of them has it", () -> a().isDrainer() || b().isDrainer());
        RedisDrainQueue next = a().isDrainer() ? a() : b();
        settle(next, readAll(next, 4));
        assertEquals(0, look().entries());
    }

    @Test
    void aDrainThatIsNotWantedAnyMoreHandsOver() {
        aHasIt();
        aWants.set(false);
        rig.until("b has the lease", b()::isDrainer);
        assertFalse(a().isDrainer());
    }

    @Test
    void aLeaseIsRenewed() {
        aHasIt();
        rig.until("a renewal", () -> Long.parseLong(server.command("PTTL", LEASE)) < DrainLease.LEASE_MS - 500);
        rig.until("a renewal", () -> Long.parseLong(server.command("PTTL", LEASE)) > DrainLease.LEASE_MS - 500);
        assertTrue(a().isDrainer());
    }

    @Test
    void afterALostConnectionItIsStillTheOwner() {
        aHasIt();
        offer(2);
        List<Delivery> held = readAll(a(), 2);
        rig.reconnect();
        rig.until("a has the lease", a()::isDrainer);
        List<Delivery> again = readAll(a(), 2);
        assertEquals(held.get(0).order(), again.get(0).order());
        settle(a(), again);
        assertEquals(0, look().entries());
    }

    @Test
    void aServerWithoutMemoryIsDrainedAllTheSame() {
        offer(3);
        server.command("CONFIG", "SET", "maxmemory", "1");
        rig.until("a drains without a key", a()::isDrainer);
        assertEquals("", server.ask("GET", LEASE));
        settle(a(), readAll(a(), 3));
        assertEquals(0, rig.await(() -> a().look()).entries());
        server.command("CONFIG", "SET", "maxmemory", "100mb");
        rig.until("the key is there", () -> server.ask("GET", LEASE).equals("a"));
    }
}
