package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.TcpProxy;
import java.util.concurrent.TimeUnit;

/** One node takes the orders and two others write them; one of these two is killed, or freezes. */
class WriterNodeFaultsTest {

    private static final int INTAKE = 0;
    private static final int VICTIM = 1;
    private static final int OTHER = 2;

    private static final long FREEZE_MS = TimeUnit.SECONDS.toMillis(90);

    /** What a client of the intake may wait beyond the bus deadline, for the overflow. */
    private static final long OVERFLOW_MS = 1_000;

    private static ClusterNodes serving(NodeRig rig, String... victims) throws Exception {
        ClusterNodes nodes = ClusterNodes.here(rig, 3);
        nodes.serve(VICTIM, Role.WRITER_ONLY, victims);
        nodes.serve(OTHER, Role.WRITER_ONLY);
        nodes.serve(INTAKE, Role.HTTP_ONLY);
        nodes.awaitTogether(INTAKE, VICTIM, OTHER);
        rig.await("two writers", () -> nodes.writers(INTAKE) == 2);
        return nodes;
    }

    /** Its PostgreSQL has committed what neither it nor a client has heard of: the copies in the overflow find the rows. */
    @Fault("writer-node-killed")
    void whatAKilledWriterHadIsQueuedAndTheOtherOneTakesOver() throws Exception {
        try (NodeRig rig = NodeRig.start();
                TcpProxy postgres = TcpProxy.at(0, rig.postgres.uri())) {
            ClusterNodes nodes = serving(rig, "postgres.uri=" + postgres.uri());
            Load load = rig.load();
            long usual = load.longestWaitMs();
            postgres.mute(true);
            Await.state("a commit that the victim does not hear of", () -> postgres.dropped() > 0);
            nodes.node(VICTIM).signal("KILL");
            awaitPassedOver(load);
            rig.await("the other one to be the only writer", () -> nodes.writers(INTAKE) == 1);
            rig.verifyAllAcknowledged();
            assertWaits(load, usual);
        }
    }

    @Fault("writer-node-frozen")
    void aFrozenWriterIsPassedOverAndComesBack() throws Exception {
        assertFrozenIsPassedOver(0);
    }

    @Fault(value = "writer-node-frozen-90s", slow = true)
    void aWriterThatIsFrozenForLongIsPassedOverAndComesBack() throws Exception {
        assertFrozenIsPassedOver(FREEZE_MS);
    }

    private static void assertFrozenIsPassedOver(long howLongMs) throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            ClusterNodes nodes = serving(rig);
            Load load = rig.load();
            long usual = load.longestWaitMs();
            nodes.node(VICTIM).freeze();
            awaitPassedOver(load);
            if (howLongMs > 0) {
                load.pace(20);
                Await.pause("a node that is frozen for long", howLongMs);
                load.pace(0);
                assertWritten(load);
            }
            nodes.thaw(VICTIM, 3);
            load.awaitMore(200, End.COMMITTED);
            rig.verifyAllAcknowledged();
            assertWaits(load, usual);
        }
    }

    /** All but a few go to the writer that is left: not into the overflow, as where none is in reach. */
    private static void assertWritten(Load load) {
        long committed = load.history.count(End.COMMITTED);
        long queued = load.history.count(End.QUEUED);
        assertTrue(committed > queued, () -> "while a writer was frozen: " + load.history.summary());
    }

    private static void awaitPassedOver(Load load) {
        load.awaitMore(1, End.QUEUED);
        load.awaitMore(200, End.COMMITTED);
    }

    /** A client waited for the victim once at most, and for one bus deadline at most; later orders went to the other one. */
    private static void assertWaits(Load load, long usualMs) {
        long bus = NodeRig.PATIENT_BUS_MS;
        long limit = bus + OVERFLOW_MS + usualMs;
        assertTrue(load.longestWaitMs() <= limit, () -> load.longestWaitMs() + " ms, not " + limit);
        long waits = load.waitsOver(bus - OVERFLOW_MS);
        assertTrue(waits <= Load.CONNECTIONS, () -> waits + " waits of " + Load.CONNECTIONS + " clients");
    }
}
