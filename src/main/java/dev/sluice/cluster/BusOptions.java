package dev.sluice.cluster;

import com.hazelcast.core.HazelcastException;
import dev.sluice.config.ClusterConfig;
import dev.sluice.config.ClusterConfig.BusTls;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus between nodes: one interface, one port, and, where {@code cluster.tls} names files, TLS in which both sides
 * show a certificate of the cluster's CA. The CA says who is a node, names do not: a pod's address is not known before.
 */
final class BusOptions {

    private static final Logger LOG = LoggerFactory.getLogger(BusOptions.class);

    private static final int PING_MS = 5_000;
    private static final int CONNECT_MS = 1_000;

    /** All that connect are nodes of a release that has it. */
    private static final Set<String> TLS_VERSIONS = Set.of("TLSv1.3");

    private BusOptions() {}

    /** Warns where every program on a network could read and send orders. */
    static EventBusOptions of(ClusterConfig config) {
        EventBusOptions options = new EventBusOptions()
                .setHost(config.host())
                .setPort(config.busPort())
                .setClusterPingInterval(PING_MS)
                .setClusterPingReplyInterval(PING_MS)
                .setConnectTimeout(CONNECT_MS);
        if (config.tls().isOn()) {
            protect(options, config.tls());
        } else if (!config.isLoopback()) {
            LOG.warn(
                    "cluster: the event bus at {}:{} is in clear text, and every program that reaches it can read and"
                            + " send orders; name the PEM files cluster.tls.ca, cluster.tls.cert and cluster.tls.key"
                            + " (docs/cluster.md says how to make them), and let only nodes reach both ports",
                    config.host(),
                    config.busPort());
        }
        return options;
    }

    /** Without a word about trust the bus would take every certificate. */
    private static void protect(EventBusOptions options, BusTls tls) {
        options.setSsl(true)
                .setTrustAll(false)
                .setClientAuth(ClientAuth.REQUIRED)
                .setEnabledSecureTransportProtocols(TLS_VERSIONS)
                .setTrustOptions(new PemTrustOptions().addCertPath(text(tls.ca())))
                .setKeyCertOptions(
                        new PemKeyCertOptions().addCertPath(text(tls.cert())).addKeyPath(text(tls.key())));
    }

    private static String text(@Nullable Path file) {
        return Objects.requireNonNull(file).toAbsolutePath().toString();
    }

    /** What it means that a port could not be had, or that no cluster came about; any other failure as it is. */
    static Throwable explained(Throwable error, ClusterConfig config) {
        String text = String.valueOf(error.getMessage());
        if (error instanceof HazelcastException && text.contains("in use")) {
            return new BindException("cluster.port " + config.port() + " is taken by another process");
        }
        if (error instanceof IllegalStateException && text.contains("failed to start")) {
            return new ConnectException("cluster.members: this node and the others did not agree within "
                    + HazelcastSettings.JOIN_SECONDS
                    + " s on who is a member; the line of Hazelcast above may say why: start"
                    + " it again, and nodes one after the other");
        }
        return text.contains("in use")
                ? new BindException("cluster.busPort " + config.busPort() + " is taken by another process")
                : error;
    }
}
