package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.fault.NodeRig.Place;
import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.Proxy;
import java.util.List;

/** Three nodes behind HAProxy are restarted one by one, as docs/cluster.md has it. */
class RollingRestartTest {

    private static final int NODES = 3;
    private static final String GRACE = "shutdown.graceMs=3000";
    private static final long BETWEEN_MS = 5_000;

    @Fault(value = "rolling-restart", slow = true)
    void aClientThatTriesOnceMoreSeesNoError() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            ClusterNodes nodes = ClusterNodes.here(rig, NODES);
            for (int node = 0; node < NODES; node++) {
                nodes.serve(node, Role.BOTH, GRACE);
            }
            nodes.awaitTogether(0, 1, 2);
            try (Proxy front = Proxy.haproxyBefore(nodes.ports(), nodes.adminPorts())) {
                Load load = rig.load(new Place(front.port(), 0));
                load.retryOnce();
                for (int node = 0; node < NODES; node++) {
                    restart(nodes, node, load);
                }
                assertEquals(List.of(), load.failures());
                rig.verifyWithout(End.HANG, End.STRANGE);
            }
        }
    }

    private static void restart(ClusterNodes nodes, int node, Load load) throws Exception {
        String before = nodes.id(node);
        long committed = load.history.count(End.COMMITTED);
        nodes.stop(node);
        assertTrue(load.history.count(End.COMMITTED) > committed, "void: no order came while the node left");
        nodes.serve(node, Role.BOTH, GRACE);
        nodes.awaitTogether(0, 1, 2);
        assertTrue(!nodes.id(node).equals(before), "void: it is the same node");
        Await.pause("the time that an operator gives it", BETWEEN_MS);
        load.awaitMore(100, End.COMMITTED);
    }
}
