package dev.sluice.config;

import dev.sluice.config.value.RedisUri;
import dev.sluice.config.value.Secret;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of one node. Immutable, and valid when it comes from {@link ConfigLoader}: every value is in
 * its range and the values agree with each other ({@link Rules}), so nothing downstream checks again.
 */
public record SluiceConfig(
        HttpConfig http,
        AuthConfig auth,
        QuotaConfig quota,
        Admin admin,
        LogConfig log,
        Metrics metrics,
        Bus bus,
        BridgeConfig bridge,
        ClusterConfig cluster,
        WriterConfig writer,
        PostgresConfig postgres,
        Redis redis,
        OverflowConfig overflow,
        Store store,
        Shutdown shutdown,
        Node node,
        Data data,

        @Key.Each(
                of = ExtensionConfig.class,
                name = "[a-z][A-Za-z0-9]{0,31}",
                why = "one section each, named as you like in letters and digits, for a verticle of your own")
        Map<String, ExtensionConfig> extensions) {

    public SluiceConfig {
        extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    }

    /**
     * Orders of bulk requests that one intake verticle may have outstanding. A bulk request keeps the writers busy: one
     * batch more than they have in flight. All intakes together stay below the half of the writers' buffers that bulk
     * orders may fill.
     */
    public int bulkOutstandingMax() {
        int cores = Runtime.getRuntime().availableProcessors();
        long writers = Math.max(1, writer.instances().resolve(cores));
        long busy = writers * (writer.inFlightMax() + 1) * writer.batchMax();
        long room =
                writers * writer.bufferMax() / 2 / Math.max(1, http.instances().resolve(cores));
        return (int) Math.max(1, Math.min(Math.min(busy, room), bus.outstandingMax() / 2));
    }

    /** Whether anything but HTTP can submit orders or follow commits: members, clients of the bridge, extensions. */
    public boolean speaksJsonOnTheBus() {
        return cluster.enabled() || bridge.enabled() || !extensions.isEmpty();
    }

    /** Whether orders that PostgreSQL cannot take are queued: it is wanted, and there is a Redis for it. */
    public boolean hasOverflow() {
        return overflow.enabled() && redis.uri() != null;
    }

    /** Whether the order API serves every client that reaches it over the network. */
    public boolean isOpen() {
        boolean anonymous = auth.isOn() ? auth.anonymousAccount() != null : http.allowAnonymous();
        return anonymous && !http.isLoopback();
    }

    /** Where the last keys that were read are kept for the next start. */
    public Path keySnapshotFile() {
        Path named = auth.snapshotFile();
        return named == null ? data.dir().resolve("api-keys.json") : named;
    }

    /** Whether the order API may listen: on this machine alone, for clients that show who they are, or because it is wanted. */
    public boolean mayListen() {
        return http.isLoopback() || http.allowAnonymous() || auth.isOn();
    }

    /** The built-in defaults: no file, no environment. */
    public static SluiceConfig defaults() {
        return ConfigLoader.load(ConfigSources.none()).config();
    }

    /**
     * The defaults with some keys set, for tests and tools.
     *
     * @param sets {@code key=value} each
     * @throws ConfigException where a key is unknown or a value not allowed
     */
    public static SluiceConfig of(String... sets) {
        return ConfigLoader.load(ConfigSources.ofSets(sets)).config();
    }

    /** The admin listener: health, metrics, operations. */
    public record Admin(
            @Key(def = "127.0.0.1", why = "interface of the admin API; beyond loopback it needs keys or an admin.token")
            String host,

            @Key(def = "9090", min = 0, max = 65_535, why = "port of the admin API; 0 takes any free one")
            int port,

            @Key(
                    def = "",
                    secret = true,
                    why = "bearer token of the admin API, beyond loopback 32 characters or more; give it by"
                            + " SLUICE_ADMIN_TOKEN, not on the command line")
            @Nullable
            Secret token,

            @Key(
                    def = "",
                    why = "names in Host that are served beside addresses and localhost, commas between;"
                            + " others are 421 on loopback without credentials, and wherever this is set")
            @Nullable
            String allowedHosts,

            ListenerTls tls) {

        /** Whether only this machine reaches it. */
        public boolean isLoopback() {
            return Rules.isLoopback(host);
        }

        /** The names that are served, as they are written. */
        public List<String> allowedHostList() {
            return ValueParser.list(allowedHosts);
        }
    }

    /** What a node records of itself. */
    public record Metrics(
            @Key(def = "true", why = "record orders, batches and times; off only to measure what recording costs")
            boolean enabled) {}

    /** The way from an intake verticle to a writer. */
    public record Bus(
            @Key(
                    def = "2000",
                    unit = "ms",
                    min = 2,
                    max = 600_000,
                    why = "how long a message waits for its writer's answer; between writer.deadlineMs and"
                            + " http.deadlineMs")
            int deadlineMs,

            @Key(
                    def = "20000",
                    unit = "orders",
                    min = 1,
                    max = 1_000_000,
                    why = "orders waiting for an answer per intake verticle; beyond it 503 at once")
            int outstandingMax,

            @Key(
                    def = "10000",
                    unit = "orders",
                    min = 1,
                    max = 1_000_000,
                    why = "of these, for one writer of another node; beyond it others are asked, then Redis")
            int writerOutstandingMax,

            @Key(
                    def = "256",
                    unit = "orders",
                    min = 1,
                    max = 10_000,
                    why = "most orders in one message; one event-loop turn's orders travel together")
            int messageOrdersMax) {}

    /** The way to Redis, which holds the overflow. */
    public record Redis(
            @Key(
                    def = "",
                    secret = true,
                    why = "redis://user:password@host:6379 of the overflow; without it there is none, dev"
                            + " brings its own")
            @Nullable
            RedisUri uri,

            @Key(
                    def = "",
                    why = "Sentinels to ask where the master is, host:port each, commas between; the host of redis.uri"
                            + " is then the master's name")
            @Nullable
            String sentinels,

            @Key(
                    def = "false",
                    why =
                            "the server of redis.uri is a node of a Redis Cluster: each partition lives on the node of its"
                                    + " keys, so give as many overflow.partitions as it has masters, or more")
            boolean cluster,

            @Key(def = "1000", unit = "ms", min = 10, max = 60_000, why = "how long one attempt to connect may take")
            int connectTimeoutMs,

            @Key(def = "250", unit = "ms", min = 10, max = 60_000, why = "pause between two attempts to connect")
            int reconnectMs,

            LinkTls.TlsFiles tls) {

        /** What protects the connections. */
        public LinkTls link() {
            return LinkTls.of(uri, tls);
        }

        /** The Sentinels, as they are written; none where the URI names the server itself. */
        public List<String> sentinelList() {
            return ValueParser.list(sentinels);
        }
    }

    /** What Sluice asks of the stores it is given. */
    public record Store(
            @Key(
                    def = "false",
                    why = "take a store whose settings can lose acknowledged orders (fsync off); shown as" + " UNSAFE")
            boolean allowUnsafe,

            @Key(
                    def = "30000",
                    unit = "ms",
                    min = 100,
                    max = 600_000,
                    why = "how long a start waits for a store that answers; then it gives up with exit code 4")
            int startWaitMs) {}

    /** How a node leaves. */
    public record Shutdown(
            @Key(
                    def = "0",
                    unit = "ms",
                    min = 0,
                    max = 60_000,
                    why = "from failing readiness to refusing new work; behind a load balancer, its probe" + " period")
            int graceMs,

            @Key(
                    def = "25000",
                    unit = "ms",
                    min = 1_000,
                    max = 600_000,
                    why = "the node is gone within it, grace included; below the 30 s that supervisors allow")
            int deadlineMs) {}

    /** The process: what all clients together may take of it, where its parts run, how it starts. */
    public record Node(
            @Key(
                    def = "0",
                    unit = "bytes",
                    min = 0,
                    max = 1L << 40,
                    why = "memory of all that clients send and have not taken back as answers; beyond it"
                            + " 503; 0 is two thirds of the heap, less 10 KiB for each connection")
            long memoryBytesMax,

            @Key(
                    def = "0",
                    unit = "bytes",
                    min = 0,
                    max = 1L << 40,
                    why = "direct memory of answers that clients have not read; beyond it the slowest is"
                            + " cut; 0 is a quarter of what the JVM may take")
            long directBytesMax,

            @Key(
                    def = "auto",
                    why = "event loops of intakes and writers: one for both (together), each its own (apart);"
                            + " auto is together where there is one of each")
            EventLoops eventLoops,

            @Key(
                    def = "1000",
                    unit = "ms",
                    min = 0,
                    max = 10_000,
                    why = "before it listens a node serves itself orders that are kept nowhere, for so long at most,"
                            + " while its stores connect: their code is loaded when clients come; 0 is none")
            int warmUpMs) {

        /** How intakes and writers share the event loops that serve live orders. */
        public enum EventLoops {
            AUTO,
            TOGETHER,
            APART
        }
    }

    /** What the node keeps on its own disk. */
    public record Data(
            @Key(def = "data", why = "folder of the bundled servers of dev; kept across restarts, one node at a time")
            Path dir) {}
}
