package dev.sluice.cli;

import dev.sluice.config.ClusterConfig;
import dev.sluice.config.ListenerTls;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.value.StoreUri;
import dev.sluice.embedded.BundledServer;
import dev.sluice.node.Server;
import dev.sluice.node.StoreState;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a node says when it is ready: where it is reached, what it rests on, and a line to try it with.
 *
 * @param kept the data directory of a node with stores of its own, whose passwords it may show; null for stores of others
 * @param onTerminal whether a person reads it: a password goes nowhere else, as what is piped ends in logs
 * @param devKey the key that {@code dev --auth} made, or null
 */
record Banner(
        SluiceConfig config,
        Server server,
        @Nullable Path kept,
        boolean onTerminal,
        @Nullable String devKey) {

    private static final String ORDER = """
            {"customerId":"c-42","currency":"EUR","items":[{"sku":"ABC-1","quantity":2,"unitPrice":"12.50"}]}""";

    Banner(SluiceConfig config, Server server, @Nullable Path kept, boolean onTerminal) {
        this(config, server, kept, onTerminal, null);
    }

    void print(PrintWriter out, long startedNanos) {
        boolean listens = server.httpPort() > 0;
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        out.printf(Locale.ROOT, "Sluice %s ready in %.1f s%n", Version.current(), seconds);
        line(out, "API", listens ? api() : "none (http.instances is 0)");
        line(out, "admin", admin());
        line(out, "store", store());
        line(out, "overflow", overflow());
        if (config.cluster().enabled()) {
            line(out, "cluster", cluster());
        }
        line(out, "transport", server.transport());
        line(out, "instances", server.instances());
        if (devKey != null) {
            line(out, "key", devKey + "  account default, all scopes");
        }
        if (listens) {
            line(out, "try", tryIt());
        }
        out.flush();
    }

    private String api() {
        String asks = config.auth().isOn()
                ? "  with " + config.auth().mode().toString().toLowerCase(Locale.ROOT)
                : "";
        String open = config.isOpen() ? "  OPEN: every client that reaches it may submit and read orders" : asks;
        return ListenerUrl.bound(config.http().tls().scheme(), config.http().host(), server.httpPort())
                + "/orders  /docs" + open;
    }

    private String admin() {
        String keys = config.auth().isOn() ? "  with a key" : "";
        String token = config.admin().token() == null ? keys : "  with admin.token";
        return ListenerUrl.bound(config.admin().tls().scheme(), config.admin().host(), server.adminPort())
                + "  /docs /healthz /readyz /metrics /version" + token;
    }

    private String tryIt() {
        String host = config.http().host();
        URI here = ListenerUrl.bound(
                config.http().tls().scheme(),
                ListenerUrl.isEveryInterface(host) ? "localhost" : host,
                server.httpPort());
        return "curl -i " + certificates() + here + "/orders" + credentials()
                + " -H 'Content-Type: application/json' -d '" + ORDER + "'";
    }

    private String credentials() {
        boolean asks = config.auth().isOn() && config.auth().anonymousAccount() == null;
        return asks ? " -H \"Authorization: Bearer " + (devKey == null ? "$SLUICE_API_KEY" : devKey) + "\"" : "";
    }

    /** A private CA is none of those that curl knows. */
    private String certificates() {
        ListenerTls tls = config.http().tls();
        String own = tls.clientAuth() == ListenerTls.ClientAuth.REQUIRE ? "--cert CLIENT.crt --key CLIENT.key " : "";
        return tls.isOn() ? "--cacert CA.crt " + own : "";
    }

    private String cluster() {
        ClusterConfig cluster = config.cluster();
        String exposed = cluster.isLoopback() ? "" : " in CLEAR TEXT";
        return cluster.name() + " at " + cluster.host() + ":" + cluster.port() + ", bus :" + cluster.busPort()
                + (cluster.tls().isOn() ? " with TLS" : exposed)
                + (server.members() == 1 ? ", alone so far" : ", " + server.members() + " members");
    }

    /** What a 201 is worth, as seen by now. */
    private String store() {
        StoreUri uri = config.postgres().requiredUri();
        return place(uri) + " " + safety(server.postgres()) + password("postgres");
    }

    private String overflow() {
        if (!config.hasOverflow()) {
            return config.overflow().enabled() ? "off (redis.uri is not set)" : "off (overflow.enabled is false)";
        }
        StoreUri uri = Objects.requireNonNull(config.redis().uri());
        return place(uri) + " " + safety(server.redis()) + password("redis");
    }

    /** As {@code psql} and {@code redis-cli -u} take it, asking for the password where it is left out. */
    private String place(StoreUri uri) {
        return kept != null && onTerminal ? uri.value() : uri.withoutPassword();
    }

    private String password(String server) {
        return kept == null || onTerminal
                ? ""
                : ", password in " + kept.resolve(server).resolve(BundledServer.URI_FILE);
    }

    private String safety(StoreState standing) {
        return safety(config.store().allowUnsafe(), standing);
    }

    /** What an acknowledgement by that store is worth, as far as is known by now. */
    static String safety(boolean allowUnsafe, StoreState standing) {
        if (!standing.reached()) {
            String away = standing.refusal() == null ? "not reachable yet" : "refuses: " + standing.refusal();
            return allowUnsafe ? "UNSAFE, " + away : away;
        }
        return (allowUnsafe ? "UNSAFE" : "synced") + (standing.failoverLossy() ? " failover-lossy" : "");
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf("  %-10s %s%n", name, value);
    }
}
