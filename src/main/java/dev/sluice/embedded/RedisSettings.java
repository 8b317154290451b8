package dev.sluice.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every setting of the bundled Redis that is not Redis's own default or that a promise rests on, each with a line of
 * why. They go into {@code redis.conf}, written at each start, as the password's hash must not stand on a command line.
 */
final class RedisSettings {

    static final String USER = "sluice";

    /** Memory that an order of two items takes. */
    private static final long ORDER_BYTES = 1 << 10;

    private static final long MEMORY_BYTES_MIN = 64 << 20;

    private static final List<Setting> PROMISES = List.of(
            new Setting("appendonly", "yes", "202 means on disk"),
            new Setting("appendfsync", "always", "the answer waits for the sync of its own write"),
            new Setting(
                    "no-appendfsync-on-rewrite", "no", "yes would silently drop that sync while the file is rewritten"),
            new Setting("aof-load-truncated", "yes", "a write that a crash cut off was never acknowledged"),
            new Setting("maxmemory", "512mb", "a bound that refuses; about 1 KiB for an order"),
            new Setting("maxmemory-policy", "noeviction", "any other would drop acknowledged orders to make room"));

    private static final List<Setting> DOORS = List.of(
            new Setting("bind", "127.0.0.1", "a development server is for this machine alone"),
            new Setting("protected-mode", "yes", "as above, if the line before is changed"),
            new Setting("enable-debug-command", "no", "DEBUG can crash the server and touch its files"),
            new Setting("enable-module-command", "no", "MODULE runs foreign code in the server"),
            new Setting("enable-protected-configs", "no", "its files stay where they are"));

    private static final List<Setting> TUNING = List.of(
            new Setting("save", "\"\"", "the append-only file is the truth; snapshots would only cost a fork"),
            new Setting("databases", "1", "one queue"),
            new Setting("maxclients", "256", "a node holds a few connections; it fits every limit of open files"),
            new Setting("auto-aof-rewrite-min-size", "64mb", "drained orders leave the file, but not with every batch"),
            new Setting(
                    "stream-node-max-entries", "16", "an entry that leaves is looked for among so many, one by one"),
            new Setting("loglevel", "notice", "what one wants to know of a server that works"),
            new Setting("crash-log-enabled", "no", "a crash report quotes the command: orders stay out of the log"),
            new Setting("always-show-logo", "no", "a log is for lines"));

    /**
     * No scripts (the way out of Redis's sandbox), no flush, no KEYS that blocks everyone, no changed settings, no
     * replication, no shutdown; CONFIG GET, INFO and ACL DRYRUN stay, as the node checks by them that the promise is
     * kept.
     */
    private static final String PERMISSIONS =
            "~sluice:* +@all -@dangerous -@admin -@scripting -@pubsub -debug +config|get +info +acl|dryrun";

    /**
     * Rights of the default user, who cannot log in: at a start Redis runs its file in that user's name, and drops each
     * transaction that the user may not do, with no more than a line in the log. Without rights it would lose them all.
     */
    private static final String LOADER_PERMISSIONS = "~* &* +@all";

    private final Map<String, String> overrides;
    private final int port;

    /** @param overrides win over every setting named here, the promises too; names not named here are added */
    RedisSettings(int port, Map<String, String> overrides) {
        this.port = port;
        this.overrides = Map.copyOf(overrides);
    }

    private record Setting(String name, String value, String why) {}

    /** The text of {@code redis.conf}; the file is for its owner alone. */
    String file(Path dataFolder, Path pidFile, Path logFile, String password) {
        Map<String, String> overridden = new LinkedHashMap<>(overrides);
        StringBuilder text = new StringBuilder("# Written by Sluice at each start.\n");
        for (Setting setting : all(dataFolder, pidFile, logFile, password)) {
            String override = overridden.remove(setting.name);
            line(text, setting.why, setting.name, override == null ? setting.value : override);
        }
        overridden.forEach((name, value) -> line(text, "asked for by who started it", name, value));
        return text.toString();
    }

    private List<Setting> all(Path dataFolder, Path pidFile, Path logFile, String password) {
        List<Setting> here = List.of(
                new Setting("port", Integer.toString(port), "kept, so that a redis-cli line outlives a restart"),
                new Setting("daemonize", "yes", "a session of its own: Ctrl-C on a terminal reaches only Sluice"),
                new Setting("dir", quoted(dataFolder), "where its files are, and by which its processes are known"),
                new Setting("pidfile", quoted(pidFile), "what is left of a kill -9 is found by it"),
                new Setting("logfile", quoted(logFile), "what it says"),
                new Setting(
                        "user default",
                        "off " + LOADER_PERMISSIONS,
                        "it cannot log in; but by its rights Redis judges the transactions in its own file"),
                new Setting(
                        "user " + USER, "on #" + sha256(password) + " " + PERMISSIONS, "only what the queue needs"));
        return List.of(here, PROMISES, DOORS, TUNING).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static void line(StringBuilder text, String why, String name, String value) {
        text.append("\n# ")
                .append(why)
                .append('\n')
                .append(name)
                .append(' ')
                .append(value)
                .append('\n');
    }

    private static String quoted(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String sha256(String password) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Memory for so many orders, on this machine or in the container that it is in; bytes. */
    static long memoryBytes(long entriesMax) {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return memoryBytes(entriesMax, machine.getTotalMemorySize());
    }

    /** At most half of the memory there is: rewriting the file may double what is taken for a while. */
    static long memoryBytes(long entriesMax, long machineBytes) {
        return Math.min(Math.max(MEMORY_BYTES_MIN, entriesMax * ORDER_BYTES), machineBytes / 2);
    }
}
