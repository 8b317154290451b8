package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.fault.History.End;

/** Neither store: nothing is acknowledged, everything is answered, and all is well again unaided. */
class BothDownTest {

    private static final End[] GOOD = {End.COMMITTED, End.REPLAYED, End.QUEUED};
    private static final End[] REFUSED = {End.NOT_STORED, End.UNKNOWN};

    @Fault("both-down")
    void withoutAnyStoreNothingIsAcknowledged() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve();
            Load load = rig.load();
            rig.redis.freeze();
            rig.postgres.freeze();
            assertAllRefused(load);
            rig.postgres.thaw();
            rig.redis.thaw();
            load.awaitMore(100, End.COMMITTED);

            rig.redis.kill();
            rig.postgres.kill();
            assertAllRefused(load);
            rig.redis.restart();
            rig.postgres.restart();
            load.awaitMore(100, End.COMMITTED);

            rig.verifyAnswered();
        }
    }

    /** What was under way is answered first. */
    private static void assertAllRefused(Load load) {
        load.awaitMore(50, REFUSED);
        long before = load.history.count(GOOD);
        load.awaitMore(100, REFUSED);
        assertEquals(before, load.history.count(GOOD), "acknowledged without a store");
    }
}
