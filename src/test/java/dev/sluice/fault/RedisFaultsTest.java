package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.rig.Await;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.SmallDisk;
import dev.sluice.rig.TestRedis;

/** Redis dies, freezes and fills up under a recorded load, needed or not. */
class RedisFaultsTest {

    private static final End[] HURT = {End.NOT_STORED, End.UNKNOWN, End.RESET, End.HANG, End.STRANGE};
    private static final long ROOM_BYTES = 300_000;
    private static final End[] REFUSED = {End.NOT_STORED, End.UNKNOWN};

    @Fault("redis-killed")
    void ordersAreCommittedWhileRedisIsDead() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve(NodeRig.PATIENT);
            try (Load load = rig.load()) {
                load.awaitMore(100, End.COMMITTED);
                rig.redis.kill();
                Await.state("the node sees that Redis is gone", () -> !rig.nodeSeesRedis());
                load.awaitMore(300, End.COMMITTED);
                rig.redis.restart();
                Await.state("the node has Redis again", rig::nodeSeesRedis);
                load.awaitMore(100, End.COMMITTED);
                rig.verify(load);
                assertUnhurt(load);
            }
        }
    }

    @Fault("redis-frozen")
    void ordersAreCommittedWhileRedisIsSilent() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve(NodeRig.PATIENT);
            try (Load load = rig.load()) {
                load.awaitMore(100, End.COMMITTED);
                rig.freezeRedis();
                Await.state("the node sees that Redis is silent", () -> !rig.nodeSeesRedis());
                load.awaitMore(300, End.COMMITTED);
                rig.thawRedis();
                Await.state("the node has Redis again", rig::nodeSeesRedis);
                load.awaitMore(100, End.COMMITTED);
                rig.verify(load);
                assertUnhurt(load);
            }
        }
    }

    private static void assertUnhurt(Load load) {
        assertEquals(0, load.history.count(HURT), load.history.summary()::toString);
    }

    /** The hardest moment: entries are known to be queued, so keyed orders would be looked up there. */
    @Fault(value = "redis-frozen-in-overflow", slow = true)
    void ordersAreCommittedAgainThoughTheirQueueIsSilent() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve();
            try (Load load = rig.load()) {
                load.awaitMore(100, End.COMMITTED);
                rig.freezePostgres();
                load.awaitMore(200, End.QUEUED);
                rig.freezeRedis();
                load.awaitMore(20, REFUSED);
                rig.thawPostgres();
                load.awaitMore(200, End.COMMITTED);
                rig.thawRedis();
                assertTrue(rig.queued() > 0, "void: nothing was queued");
                load.awaitMore(100, End.COMMITTED);
                rig.verify(load);
                assertEquals(0, load.history.count(End.RESET), "no connection ends");
            }
        }
    }

    @Fault("redis-killed-in-overflow")
    void whatIsQueuedOutlivesRedis() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve();
            try (Load load = rig.load()) {
                load.awaitMore(100, End.COMMITTED);
                rig.freezePostgres();
                load.awaitMore(200, End.QUEUED);
                rig.redis.kill();
                load.awaitMore(20, REFUSED);
                rig.redis.restart();
                assertTrue(rig.queued() > 0, "void: nothing was queued");
                load.awaitMore(200, End.QUEUED);
                rig.thawPostgres();
                load.awaitMore(100, End.COMMITTED);
                rig.verify(load);
                assertEquals(0, load.history.count(End.RESET), "no connection ends");
            }
        }
    }

    @Fault("redis-out-of-memory")
    void aFullRedisRefusesAndForgetsNothing() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve();
            try (Load load = rig.load()) {
                load.awaitMore(100, End.COMMITTED);
                rig.freezePostgres();
                load.awaitMore(50, End.QUEUED);
                rig.fillRedisAfter(ROOM_BYTES);
                load.awaitMore(50, REFUSED);
                assertTrue(rig.redis.ask("INFO", "errorstats").contains("errorstat_OOM"), "void: it never was full");
                rig.thawPostgres();
                load.awaitMore(100, End.COMMITTED);
                rig.verify(load);
                assertTrue(rig.redis.ask("INFO", "stats").contains("evicted_keys:0"), "evicted");
                assertEquals(0, load.history.count(End.RESET), "no connection ends");
            }
        }
    }

    /** A Redis that cannot write to its file ends itself, half a transaction perhaps at the file's end. */
    @Fault(value = "redis-disk-full", slow = true)
    void aFullDiskOfRedisLosesNothing() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(2 * 1024);
                TestRedis redis = TestRedis.startIn(disk.folder().resolve("data"));
                NodeRig rig = NodeRig.start()) {
            String uri = redis.uri();
            rig.serve(rig.place, Manner.USUAL, "redis.uri=" + uri);
            try (Load load = rig.load()) {
                load.awaitMore(100, End.COMMITTED);
                rig.freezePostgres();
                load.awaitMore(50, End.QUEUED);
                Await.state("Redis ends on a full disk", () -> !redis.isAlive());
                load.awaitMore(50, REFUSED);
                disk.resize(64 * 1024);
                redis.restart();
                assertTrue(
                        Long.parseLong(redis.command("HLEN", "sluice:{0}:orders")) >= 50, "void: nothing was queued");
                load.awaitMore(50, End.QUEUED);
                rig.thawPostgres();
                load.awaitMore(100, End.COMMITTED);
                load.stop();
                Await.state(
                        "the drain's end",
                        () -> redis.command("HLEN", "sluice:{0}:orders").equals("0"));
                load.verify(rig.postgres.uri(), uri);
                assertEquals(0, load.history.count(End.RESET), "no connection ends");
            }
        }
    }
}
