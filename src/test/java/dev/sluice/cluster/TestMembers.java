package dev.sluice.cluster;

import com.hazelcast.config.Config;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.config.ClusterConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.rig.Await;
import dev.sluice.rig.Ports;
import dev.sluice.wire.Forms;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Members of one cluster in this JVM, without stores, at most three at a time. Blocks. */
final class TestMembers implements AutoCloseable {

    private static final ClusterNode.Standing INDIFFERENT = new ClusterNode.Standing() {
        @Override
        public void reached() {
            // not what these are about
        }

        @Override
        public void notReached(String reason) {
            // not what these are about
        }

        @Override
        public void lost(String reason) {
            // not what these are about
        }
    };

    private final List<Integer> ports =
            IntStream.range(0, 3).map(node -> Ports.free()).boxed().toList();

    private final List<Vertx> opened = new ArrayList<>();

    /**
     * Joins, and announces itself.
     *
     * @param number 0 to 2; one that left may come again
     * @param agreed what the members agree on
     * @param onTheBus what it writes; mostly the same
     */
    ClusterNode join(int number, String name, Forms agreed, Forms onTheBus) {
        ClusterNode.Self self = new ClusterNode.Self(name, name, "test", () -> 0);
        ClusterNode node = Await.result(ClusterNode.join(
                Vertx.builder(), new VertxOptions(), config(number), new WriterDirectory(), self, agreed, INDIFFERENT));
        opened.add(node.vertx());
        Wire.register(node.vertx(), onTheBus);
        Await.result(node.start());
        return node;
    }

    /** A program on the JVM that is no node of Sluice. */
    Vertx joinForeign(int number) throws UnknownHostException {
        Config foreign = HazelcastSettings.of(config(number), "foreign");
        foreign.getMemberAttributeConfig().removeAttribute(HazelcastSettings.NODE);
        Vertx vertx = Await.result(Vertx.builder()
                .withClusterManager(new HazelcastClusterManager(foreign))
                .buildClustered());
        opened.add(vertx);
        return vertx;
    }

    /** Where that member listens for the others. */
    int port(int number) {
        return ports.get(number);
    }

    private ClusterConfig config(int number) {
        String members = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        return SluiceConfig.of(
                        "cluster.enabled=true",
                        "cluster.members=" + members,
                        "cluster.port=" + ports.get(number),
                        "cluster.busPort=" + Ports.free())
                .cluster();
    }

    void leave(ClusterNode node) {
        opened.remove(node.vertx());
        Await.result(node.vertx().close());
    }

    /** Until so many, itself included, are heard by it. */
    static void awaitHeard(ClusterNode node, int members) {
        Await.until("all are heard", () -> node.heardMembers().size() == members);
    }

    @Override
    public void close() {
        opened.forEach(vertx -> Await.result(vertx.close()));
    }
}
