package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.fault.History.End;
import dev.sluice.fault.NodeRig.Place;
import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterPlaces;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TwoHosts;
import dev.sluice.store.TestOrders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Two nodes, each on a host of its own. What is between them is cut, what is between them and the stores is not. */
class NetworkCutTest {

    private static final String TOKEN = "a-token-of-this-test-and-of-no-other";

    private int orders;

    @Fault(value = "network-cut", slow = true)
    void bothHalvesGoOnAndTheClusterHealsUnaided() throws Exception {
        try (TwoHosts hosts = TwoHosts.open();
                NodeRig rig = NodeRig.start();
                Links links = new Links(hosts, rig);
                ClusterNodes nodes = new ClusterNodes(
                        rig, new ClusterPlaces(List.of(hosts.toTheOther(0), hosts.toTheOther(1))), TOKEN)) {
            links.serve(nodes, 0, Role.HTTP_ONLY);
            links.serve(nodes, 1, Role.BOTH);
            nodes.awaitTogether(0, 1);
            Load load = rig.load(nodes.place(0), nodes.place(1));
            awaitCommitted("across, before the cut", nodes.place(0));
            hosts.cut();
            load.awaitMore(1, End.QUEUED); // it was on its way to the other host
            nodes.write(0, 1);
            Await.state("two clusters of one node each", () -> isAlone(nodes, 0) && isAlone(nodes, 1));
            awaitCommitted("by one half", nodes.place(0));
            awaitCommitted("by the other half", nodes.place(1));
            load.awaitMore(200, End.COMMITTED);
            hosts.heal();
            Await.until("one cluster", () -> nodes.areTogether(0, 1));
            assertWritesForEachOther(nodes);
            load.awaitMore(200, End.COMMITTED);
            rig.verifyAnswered();
            assertEquals(List.of(), load.history.spared(), () -> "Redis took it all; " + load.history.summary());
        }
    }

    private static boolean isAlone(ClusterNodes nodes, int node) {
        return nodes.members(node).size() == 1;
    }

    /** A 201 of a node without a writer comes over the bus. */
    private void assertWritesForEachOther(ClusterNodes nodes) {
        nodes.write(0, 0);
        awaitCommitted("across, one way", nodes.place(0));
        nodes.write(0, 1);
        nodes.write(1, 0);
        awaitCommitted("across, the other way", nodes.place(1));
    }

    private void awaitCommitted(String how, Place place) {
        Await.until("a commit " + how, () -> {
            try (OrderClient client = new OrderClient(place.port())) {
                return client.post(TestOrders.document("across-" + orders++, 1, "12.50"))
                                .status()
                        == 201;
            }
        });
    }

    /** Between this machine and the hosts: the stores are here, and so are the clients. */
    private static final class Links implements AutoCloseable {

        private final TwoHosts hosts;
        private final NodeRig rig;
        private final List<TcpProxy> open = new ArrayList<>();

        Links(TwoHosts hosts, NodeRig rig) {
            this.hosts = hosts;
            this.rig = rig;
        }

        /** A node on the host of its number, which is reached at its place of this machine all the same. */
        void serve(ClusterNodes nodes, int node, Role role) throws Exception {
            for (int port : List.of(nodes.place(node).port(), nodes.place(node).adminPort())) {
                open.add(TcpProxy.at(port, "http://" + hosts.address(node) + ":" + port));
            }
            nodes.serve(
                    node,
                    role,
                    new Manner(hosts.command(node), List.of(), Map.of()),
                    "http.host=" + hosts.address(node),
                    "http.allowAnonymous=true",
                    "admin.host=" + hosts.address(node),
                    "admin.token=" + TOKEN,
                    "postgres.uri=" + store(node, rig.postgres.uri()),
                    "redis.uri=" + store(node, rig.redis.uri()));
        }

        private String store(int node, String uri) throws IOException {
            TcpProxy link = TcpProxy.on(hosts.machine(node), uri);
            open.add(link);
            return link.uri();
        }

        @Override
        public void close() {
            Collections.reverse(open);
            open.forEach(TcpProxy::close);
        }
    }
}
