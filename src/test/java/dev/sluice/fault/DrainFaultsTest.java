package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.fault.NodeRig.Place;
import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.TcpProxy;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Drains that die or freeze between the commit and the acknowledgement. */
class DrainFaultsTest {

    private static final int SURVIVOR = 0;
    private static final int DRAINER = 1;
    private static final long FREEZE_MS = TimeUnit.SECONDS.toMillis(90);

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

    /** Two nodes of one cluster; the one whose Redis is behind the gate drains. */
    private static ClusterNodes serving(NodeRig rig, TcpProxy proxy) throws Exception {
        ClusterNodes nodes = ClusterNodes.here(rig, 2);
        nodes.serve(DRAINER, Role.BOTH, "redis.uri=" + proxy.uri());
        Await.state("a drainer", () -> nodes.drains(DRAINER));
        nodes.serve(SURVIVOR, Role.BOTH);
        nodes.awaitTogether(SURVIVOR, DRAINER);
        return nodes;
    }

    /** Queues, and lets the drainer commit what it cannot acknowledge. */
    private static void drainUntilHeld(NodeRig rig, Load load, DrainGate gate) {
        rig.postgres.freeze();
        load.awaitMore(400, End.QUEUED);
        gate.shut();
        rig.postgres.thaw();
        Await.state("an acknowledgement on its way", gate::holds);
    }

    @Fault("cluster-drainer-killed")
    void anotherNodeOfTheClusterTakesTheLeaseOfADeadDrainer() throws Exception {
        DrainGate gate = new DrainGate();
        try (NodeRig rig = NodeRig.start();
                TcpProxy proxy = gate.before(rig.redis.uri())) {
            ClusterNodes nodes = serving(rig, proxy);
            Load load = rig.load(nodes.place(SURVIVOR), nodes.place(DRAINER));
            drainUntilHeld(rig, load, gate);
            String dead = nodes.id(DRAINER);
            rig.kill(nodes.node(DRAINER));
            load.moveTo(nodes.place(SURVIVOR).port());
            assertEquals(dead, nodes.drainer(), "void: it was no drainer any more");
            assertCommittedAndPending(rig);
            rig.await("another drainer", () -> nodes.drains(SURVIVOR));
            load.awaitMore(100, End.COMMITTED);
            rig.verify();
        }
    }

    @Fault("cluster-drainer-frozen")
    void aDrainerThatLostItsLeaseSettlesNothing() throws Exception {
        assertLateSettlementIsRefused(0);
    }

    @Fault(value = "cluster-drainer-frozen-90s", slow = true)
    void aDrainerThatLostItsLeaseLongAgoSettlesNothing() throws Exception {
        assertLateSettlementIsRefused(FREEZE_MS);
    }

    /** PostgreSQL is frozen while the acknowledgement of the old drainer arrives: the new one can settle nothing then. */
    private static void assertLateSettlementIsRefused(long howLongMs) throws Exception {
        DrainGate gate = new DrainGate();
        try (NodeRig rig = NodeRig.start();
                TcpProxy proxy = gate.before(rig.redis.uri())) {
            ClusterNodes nodes = serving(rig, proxy);
            Load load = rig.load();
            drainUntilHeld(rig, load, gate);
            nodes.node(DRAINER).freeze();
            rig.postgres.freeze();
            Await.state("another drainer", () -> nodes.drains(SURVIVOR));
            Set<String> queued = rig.overflow.ids();
            assertFalse(queued.isEmpty(), "void: nothing was left to settle");
            gate.open();
            Await.state("the late acknowledgement in Redis", () -> isExecuted(gate.answers()));
            Set<String> settled = new HashSet<>(queued);
            settled.removeAll(rig.overflow.ids());
            assertEquals(Set.of(), settled, "settled without the lease");
            rig.postgres.thaw();
            if (howLongMs > 0) {
                load.pace(20);
                Await.pause("a node that is frozen for long", howLongMs);
                load.pace(0);
            }
            nodes.thaw(DRAINER, 2);
            load.awaitMore(100, End.COMMITTED);
            rig.verifyAllAcknowledged();
        }
    }

    /** The replies of the commands of a transaction, and another one: of its EXEC. */
    private static boolean isExecuted(String answers) {
        int last = answers.lastIndexOf("+QUEUED\r\n");
        return last >= 0 && answers.endsWith("\r\n") && answers.length() > last + "+QUEUED\r\n".length();
    }

    private static void assertCommittedAndPending(NodeRig rig) {
        assertFalse(rig.storedAndQueued().isEmpty(), "void: no order was both a row and queued");
        assertTrue(rig.overflow.pending() > 0, "void: nothing was pending");
    }
}
