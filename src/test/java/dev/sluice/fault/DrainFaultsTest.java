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

    private static final long LIMIT_SECONDS = 30;

    @Fault("drainer-killed")
    void whatADrainCommittedAndDidNotAcknowledgeIsStoredOnce() throws Exception {
        DrainGate gate = new DrainGate();
        try (NodeRig rig = NodeRig.start();
                TcpProxy proxy = gate.before(rig.redis.uri())) {
            NodeProcess node = rig.serve(rig.place, Manner.USUAL, "redis.uri=" + proxy.uri());
            try (Load load = rig.load()) {
                load.awaitMore(100, End.COMMITTED);
                rig.freezePostgres();
                load.awaitMore(200, End.QUEUED);
                gate.shut();
                rig.thawPostgres();
                Await.state("an acknowledgement on its way", gate::holds);
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
        DrainGate gate = new DrainGate();
        try (NodeRig rig = NodeRig.start();
                TcpProxy proxy = gate.before(rig.redis.uri())) {
            Place other = Place.free();
            NodeProcess node = rig.serve(rig.place, Manner.USUAL, few, "redis.uri=" + proxy.uri());
            rig.serve(other, Manner.USUAL, few);
            try (Load load = Load.start(rig.place.port(), other.port())) {
                load.awaitMore(100, End.COMMITTED);
                rig.freezePostgres();
                load.awaitMore(400, End.QUEUED);
                gate.shut();
                rig.thawPostgres();
                Await.state("an acknowledgement on its way", gate::holds);
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
