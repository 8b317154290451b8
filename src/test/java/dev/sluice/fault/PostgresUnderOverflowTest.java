package dev.sluice.fault;

import dev.sluice.fault.History.End;

/** PostgreSQL fails beside a Redis that works: 202 meanwhile, 201 afterwards unaided, and all of it becomes rows. */
class PostgresUnderOverflowTest {

    @Fault("postgres-killed")
    void killedAndBackFiveSecondsLater() throws Exception {
        try (FaultRig rig = FaultRig.start()) {
            Load load = rig.load();
            rig.postgres.kill();
            load.awaitMore(100, End.QUEUED);
            Thread.sleep(5_000); // the fault itself
            rig.postgres.restart();
            load.awaitMore(200, End.COMMITTED);
            rig.verifyAllAcknowledged();
        }
    }
}
