package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.rig.Await;
import dev.sluice.rig.SmallDisk;
import dev.sluice.rig.TestRedis;

/** Redis dies, freezes and fills up under a recorded load, needed or not. */
class RedisFaultsTest {

    private static final long ROOM_BYTES = 300_000;
    private static final End[] REFUSED = {End.NOT_STORED, End.UNKNOWN};

    @Fault("redis-killed")
    void ordersAreCommittedWhileRedisIsDead() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve(NodeRig.PATIENT);
            Load load = rig.load();
            rig.redis.kill();
            Await.state("the node sees that Redis is gone", () -> !rig.nodeSeesRedis());
            load.awaitMore(300, End.COMMITTED);
            rig.redis.restart();
            Await.state("the node has Redis again", rig::nodeSeesRedis);
            load.awaitMore(100, End.COMMITTED);
            rig.verifyUnhurt();
        }
    }

    @Fault("redis-frozen")
    void ordersAreCommittedWhileRedisIsSilent() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve(NodeRig.PATIENT);
            Load load = rig.load();
            rig.redis.freeze();
            Await.state("the node sees that Redis is silent", () -> !rig.nodeSeesRedis());
            load.awaitMore(300, End.COMMITTED);
            rig.redis.thaw();
            Await.state("the node has Redis again", rig::nodeSeesRedis);
            load.awaitMore(100, End.COMMITTED);
            rig.verifyUnhurt();
        }
    }

    /** The hardest moment: entries are known to be queued, so keyed orders would be looked up there. */
    @Fault(value = "redis-frozen-in-overflow", slow = true)
    void ordersAreCommittedAgainThoughTheirQueueIsSilent() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve();
            Load load = rig.load();
            rig.postgres.freeze();
            load.awaitMore(200, End.QUEUED);
            rig.redis.freeze();
            load.awaitMore(20, REFUSED);
            rig.postgres.thaw();
            load.awaitMore(200, End.COMMITTED);
            rig.redis.thaw();
            assertTrue(rig.overflow.queued() > 0, "void: nothing was queued");
            load.awaitMore(100, End.COMMITTED);
            rig.verifyAnswered();
        }
    }

    @Fault("redis-killed-in-overflow")
    void whatIsQueuedOutlivesRedis() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve();
            Load load = rig.load();
            rig.postgres.freeze();
            load.awaitMore(200, End.QUEUED);
            rig.redis.kill();
            load.awaitMore(20, REFUSED);
            rig.redis.restart();
            assertTrue(rig.overflow.queued() > 0, "void: nothing was queued");
            load.awaitMore(200, End.QUEUED);
            rig.postgres.thaw();
            load.awaitMore(100, End.COMMITTED);
            rig.verifyAnswered();
        }
    }

    @Fault("redis-out-of-memory")
    void aFullRedisRefusesAndForgetsNothing() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve();
            Load load = rig.load();
            rig.postgres.freeze();
            load.awaitMore(50, End.QUEUED);
            rig.overflow.fillAfter(ROOM_BYTES);
            load.awaitMore(50, REFUSED);
            assertTrue(rig.redis.ask("INFO", "errorstats").contains("errorstat_OOM"), "void: it never was full");
            rig.postgres.thaw();
            load.awaitMore(100, End.COMMITTED);
            rig.verify();
            assertTrue(rig.redis.ask("INFO", "stats").contains("evicted_keys:0"), "evicted");
            assertEquals(0, load.history.count(End.RESET), "no connection ends");
        }
    }

    /** A Redis that cannot write to its file ends itself, half a transaction perhaps at the file's end. */
    @Fault(value = "redis-disk-full", slow = true)
    void aFullDiskOfRedisLosesNothing() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(2 * 1024);
                NodeRig rig = NodeRig.on(TestRedis.startIn(disk.folder().resolve("data")))) {
            rig.serve();
            Load load = rig.load();
            rig.postgres.freeze();
            load.awaitMore(50, End.QUEUED);
            Await.state("Redis ends on a full disk", () -> !rig.redis.isAlive());
            load.awaitMore(50, REFUSED);
            disk.resize(64 * 1024);
            rig.redis.restart();
            assertTrue(rig.overflow.queued() >= 50, "void: nothing was queued");
            load.awaitMore(50, End.QUEUED);
            rig.postgres.thaw();
            load.awaitMore(100, End.COMMITTED);
            rig.verifyAnswered();
        }
    }
}
