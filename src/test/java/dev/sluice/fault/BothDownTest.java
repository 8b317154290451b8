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
            try (Load load = rig.load()) {
                load.awaitMore(100, End.COMMITTED);
                rig.freezeRedis();
                rig.freezePostgres();
                assertAllRefused(load);
                rig.thawPostgres();
                rig.thawRedis();
                load.awaitMore(100, End.COMMITTED);

                rig.redis.kill();
                rig.postgres.kill();
                assertAllRefused(load);
                rig.redis.restart();
                rig.postgres.restart();
                load.awaitMore(100, End.COMMITTED);

                rig.verify(load);
                assertEquals(0, load.history.count(End.RESET), "no connection ends");
            }
        }
    }

    /** What was under way is answered first. */
    private static void assertAllRefused(Load load) {
        load.awaitMore(50, REFUSED);
        long before = load.history.count(GOOD);
        load.awaitMore(100, REFUSED);
        assertEquals(before, load.history.count(GOOD), "acknowledged by whom?");
    }
}
