package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.fault.NodeProcess.Manner;
import dev.sluice.fault.NodeRig.Place;

/** Drains that die between the commit and the acknowledgement. */
class DrainFaultsTest {

    private static final long LIMIT_SECONDS = 30;

    @Fault("drainer-killed")
    void whatADrainCommittedAndDidNotAcknowledgeIsStoredOnce() throws Exception {
        try (NodeRig rig = NodeRig.start();
                DrainGate gate = DrainGate.before(rig.redis.port())) {
            NodeProcess node = rig.serve(rig.place, Manner.USUAL, "redis.uri=" + gate.uri(rig.redis.uri()));
            try (Load load = rig.load()) {
                load.awaitMore(100, End.COMMITTED);
                rig.freezePostgres();
                load.awaitMore(200, End.QUEUED);
                gate.shut();
                rig.thawPostgres();
                NodeRig.await("an acknowledgement on its way", gate::holds);
                kill(node, load);
                assertCommittedAndPending(rig);
                rig.serve();
                load.awaitMore(100, End.COMMITTED);
                rig.verify(load);
            }
        }
    }

    @Fault(value = "two-nodes-one-killed", slow = true)
    void whatADeadNodesDrainHeldIsClaimedByAnother() throws Exception {
        String few = "overflow.drainBatchMax=50"; // so that both have something to drain
        try (NodeRig rig = NodeRig.start();
                DrainGate gate = DrainGate.before(rig.redis.port())) {
            Place other = Place.free();
            NodeProcess node = rig.serve(rig.place, Manner.USUAL, few, "redis.uri=" + gate.uri(rig.redis.uri()));
            rig.serve(other, Manner.USUAL, few);
            try (Load load = Load.start(rig.place.port(), other.port())) {
                load.awaitMore(100, End.COMMITTED);
                rig.freezePostgres();
                load.awaitMore(400, End.QUEUED);
                gate.shut();
                rig.thawPostgres();
                NodeRig.await("an acknowledgement on its way", gate::holds);
                kill(node, load);
                load.moveTo(other.port());
                assertCommittedAndPending(rig);
                load.awaitMore(100, End.COMMITTED);
                rig.verify(load);
            }
        }
    }

    private static void kill(NodeProcess node, Load load) throws Exception {
        node.signal("KILL");
        node.awaitExit(LIMIT_SECONDS);
        load.await("the reset", () -> load.history.count(End.RESET) > 0);
    }

    private static void assertCommittedAndPending(NodeRig rig) {
        assertFalse(rig.storedAndQueued().isEmpty(), "void: no order was both a row and queued");
        assertTrue(rig.pending() > 0, "void: nothing was pending");
    }
}
