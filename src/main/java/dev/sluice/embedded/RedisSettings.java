package dev.sluice.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

    private static final String PROMISES = """
            # Written by Sluice at each start; of two lines with one name the later wins.

            # 202 means on disk
            appendonly yes
            # the answer waits for the sync of its own write
            appendfsync always
            # yes would silently drop that sync while the file is rewritten
            no-appendfsync-on-rewrite no
            # a write that a crash cut off was never acknowledged
            aof-load-truncated yes
            # a bound that refuses; about 1 KiB for an order
            maxmemory 512mb
            # any other would drop acknowledged orders to make room
            maxmemory-policy noeviction

            # a development server is for this machine alone
            bind 127.0.0.1
            protected-mode yes
            # DEBUG can crash the server and touch its files
            enable-debug-command no
            # MODULE runs foreign code in the server
            enable-module-command no
            # its files stay where they are
            enable-protected-configs no

            """;

    private static final String TUNING = """
            # the append-only file is the truth; snapshots would only cost a fork
            save ""
            # one queue
            databases 1
            # a node holds a few connections; it fits every limit of open files
            maxclients 256
            # drained orders leave the file, but not with every batch
            auto-aof-rewrite-min-size 64mb
            # Redis searches so many entries one by one for the entry that leaves
            stream-node-max-entries 16
            loglevel notice
            # a crash report quotes the command: orders stay out of the log
            crash-log-enabled no
            always-show-logo no

            """;

    /**
     * No scripts (the way out of Redis's sandbox), no kinds of values that the queue does not use, no flush, no KEYS that blocks everyone, no changed settings, no
     * replication, no shutdown. CONFIG GET, INFO and ACL DRYRUN stay: the node checks the promises with them.
     */
    private static final String PERMISSIONS =
            "~sluice:* +@all -@dangerous -@admin -@scripting -@pubsub -@hyperloglog -@bitmap -@geo -debug +config|get +info"
                    + " +acl|dryrun";

    private static final String PLACE = """
            # kept, so that a redis-cli line outlives a restart
            port %s
            # a session of its own: Ctrl-C on a terminal reaches only Sluice
            daemonize yes
            # where its files are, and by which its processes are known
            dir %s
            # names what a kill -9 leaves running
            pidfile %s
            logfile %s
            # It cannot log in. At a start Redis runs its file in this user's name, and drops each transaction that the
            # user may not do, with no more than a line in the log: without rights it would lose them all.
            user default off ~* &* +@all
            # only what the queue needs
            user %s on #%s %s

            """;

    private RedisSettings() {}

    /**
     * The text of {@code redis.conf}; the file is for its owner alone.
     *
     * @param overrides win over every setting named here, the promises too; names not named here are added
     */
    static String file(
            ConnectionFile connection, Path dataFolder, Path pidFile, Path logFile, Map<String, String> overrides) {
        String place = PLACE.formatted(
                Integer.toString(connection.port()), // in digits that Redis reads, whatever the locale
                quoted(dataFolder),
                quoted(pidFile),
                quoted(logFile),
                USER,
                sha256(connection.password()),
                PERMISSIONS);
        StringBuilder text = new StringBuilder(PROMISES + TUNING + place);
        overrides.forEach(
                (name, value) -> text.append(name).append(' ').append(value).append('\n'));
        return text.toString();
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
