package dev.sluice.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import dev.sluice.config.ClusterConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;

/**
 * Hazelcast as Sluice uses it: membership and the list of subscriptions, nothing else. No multicast, no free choice of
 * ports, one interface; no phone home, no Jet, no metrics; what it deserializes is listed.
 */
final class HazelcastSettings {

    /** A member that sends no heartbeat for so long is removed, seconds. A frozen one comes back as a new one. */
    static final int SILENT_SECONDS = 6;

    /** A node that has not joined within it does not start: nodes that start at once on a busy machine need some. */
    static final int JOIN_SECONDS = 30;

    private static final int CONNECT_SECONDS = 2;

    /** The member attribute that holds the id of its node. */
    static final String NODE = "sluice.node";

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("hazelcast.logging.type", "slf4j"),
            Map.entry("hazelcast.phone.home.enabled", "false"),
            Map.entry("hazelcast.shutdownhook.enabled", "false"),
            Map.entry("hazelcast.socket.bind.any", "false"),
            Map.entry("hazelcast.socket.server.bind.any", "false"),
            Map.entry("hazelcast.socket.client.bind.any", "false"),
            Map.entry("hazelcast.max.join.seconds", Integer.toString(JOIN_SECONDS)),
            Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
            Map.entry("hazelcast.max.no.heartbeat.seconds", Integer.toString(SILENT_SECONDS)),
            Map.entry("hazelcast.wait.seconds.before.join", "0"),
            Map.entry("hazelcast.max.wait.seconds.before.join", "0"),
            Map.entry("hazelcast.merge.first.run.delay.seconds", "5"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
            Map.entry("hazelcast.operation.call.timeout.millis", "10000"),
            Map.entry("hazelcast.graceful.shutdown.max.wait", "5"),
            // Few subscriptions, seldom changed.
            Map.entry("hazelcast.partition.count", "31"),
            Map.entry("hazelcast.operation.thread.count", "2"),
            Map.entry("hazelcast.operation.generic.thread.count", "2"),
            Map.entry("hazelcast.io.input.thread.count", "1"),
            Map.entry("hazelcast.io.output.thread.count", "1"),
            Map.entry("hazelcast.event.thread.count", "1"));

    /** What members send each other beside Hazelcast's own messages: subscriptions, addresses, failures. */
    private static final List<String> DESERIALIZED = List.of(
            "io.vertx.spi.cluster.hazelcast.impl.HazelcastNodeInfo",
            "io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo",
            "java.lang.Throwable",
            "java.lang.Exception",
            "java.lang.RuntimeException",
            "java.lang.IllegalStateException",
            "java.lang.IllegalArgumentException",
            "java.lang.StackTraceElement",
            "[Ljava.lang.StackTraceElement;",
            "java.util.Collections$EmptyList");

    private HazelcastSettings() {}

    /**
     * The settings of one member.
     *
     * @param node its id for this run, for the others to read
     * @throws UnknownHostException where {@code cluster.host} has no address
     */
    static Config of(ClusterConfig cluster, String node) throws UnknownHostException {
        Config config = new Config(node);
        config.setClusterName(cluster.name());
        config.getMemberAttributeConfig().setAttribute(NODE, node);
        PROPERTIES.forEach(config::setProperty);
        config.setAdvancedNetworkConfig(network(cluster));
        config.getJetConfig().setEnabled(false).setResourceUploadEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getManagementCenterConfig().setScriptingEnabled(false).setConsoleEnabled(false);
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.getMapConfig("__vertx.nodeInfo").setBackupCount(1);
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter());
        return config;
    }

    /**
     * Hazelcast's advanced form, for two reasons: its port takes members alone, no clients and no text; and in the simple
     * one a connection to a frozen member, which accepts and says nothing, keeps the only thread that writes busy.
     */
    private static AdvancedNetworkConfig network(ClusterConfig cluster) throws UnknownHostException {
        String address = InetAddress.getByName(cluster.host()).getHostAddress();
        ServerSocketEndpointConfig members = new ServerSocketEndpointConfig()
                .setPort(cluster.port())
                .setPortAutoIncrement(false)
                .setPortCount(1);
        members.setSocketConnectTimeoutSeconds(CONNECT_SECONDS);
        members.getInterfaces().setEnabled(true).addInterface(address);
        return new AdvancedNetworkConfig()
                .setEnabled(true)
                .setMemberEndpointConfig(members)
                .setJoin(join(cluster));
    }

    private static JoinConfig join(ClusterConfig cluster) {
        JoinConfig join = new JoinConfig();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        if (cluster.kubernetesService() == null) {
            join.getTcpIpConfig()
                    .setEnabled(true)
                    .setConnectionTimeoutSeconds(CONNECT_SECONDS)
                    .setMembers(cluster.memberList());
        } else {
            join.getKubernetesConfig()
                    .setEnabled(true)
                    .setProperty("service-dns", cluster.kubernetesService())
                    .setProperty("service-port", Integer.toString(cluster.port()));
        }
        return join;
    }

    private static JavaSerializationFilterConfig filter() {
        ClassFilter listed = new ClassFilter().addPrefixes("com.hazelcast.");
        DESERIALIZED.forEach(listed::addClasses);
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        filter.setWhitelist(listed);
        return filter;
    }
}
