package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.fault.NodeRig.Place;
import dev.sluice.rig.Await;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.TcpProxy;

/** Drains that die between the commit and the acknowledgement. */
class DrainFaultsTest {

    @Fault("drainer-killed")
    void whatADrainCommittedAndDidNotAcknowledgeIsStoredOnce() throws Exception {
        DrainGate gate = new DrainGate();
        try (NodeRig rig = NodeRig.start();
                TcpProxy proxy = gate.before(rig.redis.uri())) {
            NodeProcess node = rig.serve(rig.place, Manner.USUAL, "redis.uri=" + proxy.uri());
            Load load = rig.load();
            rig.postgres.freeze();
            load.awaitMore(200, End.QUEUED);
            gate.shut();
            rig.postgres.thaw();
            Await.state("an acknowledgement on its way", gate::holds);
            rig.kill(node);
            assertCommittedAndPending(rig);
            rig.serve();
            load.awaitMore(100, End.COMMITTED);
            rig.verify();
        }
    }

    @Fault(value = "two-nodes-one-killed", slow = true)
    void whatADeadNodesDrainHeldIsClaimedByAnother() throws Exception {
        String few = "overflow.drainBatchMax=50"; // so that both have something to drain
        DrainGate gate = new DrainGate();
        try (NodeRig rig = NodeRig.start();
                TcpProxy proxy = gate.before(rig.redis.uri())) {
            Place other = Place.free();
            NodeProcess node = rig.serve(rig.place, Manner.USUAL, few, "redis.uri=" + proxy.uri());
            rig.serve(other, Manner.USUAL, few);
            Load load = rig.load(rig.place, other);
            rig.postgres.freeze();
            load.awaitMore(400, End.QUEUED);
            gate.shut();
            rig.postgres.thaw();
            Await.state("an acknowledgement on its way", gate::holds);
            rig.kill(node);
            load.moveTo(other.port());
            assertCommittedAndPending(rig);
            load.awaitMore(100, End.COMMITTED);
            rig.verify();
        }
    }

    private static void assertCommittedAndPending(NodeRig rig) {
        assertFalse(rig.storedAndQueued().isEmpty(), "void: no order was both a row and queued");
        assertTrue(rig.pending() > 0, "void: nothing was pending");
    }
}
