package dev.sluice.embedded;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Every setting of the bundled PostgreSQL that is not PostgreSQL's own default, each with a line of why.
 *
 * <p>The promises go on the command line, where neither a file nor ALTER SYSTEM outranks them. The tuning goes into
 * {@code sluice.conf} in the cluster's folder, written at each start, where ALTER SYSTEM may outrank it.
 */
final class PostgresSettings {

    private static final List<Setting> PROMISES = List.of(
            new Setting("fsync", "on", "201 means synced"),
            new Setting("full_page_writes", "on", "a page torn by a power loss is mended from the WAL"),
            new Setting("synchronous_commit", "on", "the answer waits for the sync of its own commit"),
            new Setting("listen_addresses", "127.0.0.1", "a development server is for this machine alone"),
            new Setting("unix_socket_directories", "", "TCP with a password is the only door"));

    private static final List<Setting> TUNING = List.of(
            new Setting("shared_buffers", "256MB", "ids are spread evenly, so the hot set is the whole primary key"),
            new Setting(
                    "max_wal_size",
                    "2GB",
                    "fewer checkpoints, each of which makes full pages be logged again;"
                            + " crash recovery still reads it in seconds"),
            new Setting("min_wal_size", "512MB", "WAL files are reused under load, not created and zeroed"),
            new Setting("checkpoint_timeout", "15min", "as max_wal_size: spread over time, not in bursts"),
            new Setting("wal_buffers", "16MB", "one whole segment: batches do not wait for each other's buffers"),
            new Setting("wal_compression", "off", "these binaries have only pglz, which costs the CPU that is scarce"),
            new Setting("max_parallel_workers_per_gather", "0", "look-ups are by key; processors belong to the intake"),
            new Setting("jit", "off", "no statement here runs long enough to repay a compilation"),
            new Setting("autovacuum", "on", "keeps index-only look-ups and statistics right while rows pour in"),
            new Setting("autovacuum_max_workers", "1", "one of few processors at most"),
            new Setting("log_error_verbosity", "terse", "an error's DETAIL quotes the row: orders stay out of the log"),
            new Setting("log_min_error_statement", "panic", "as above: statements carry orders"),
            new Setting("timezone", "UTC", "one clock everywhere"),
            new Setting("log_timezone", "UTC", "one clock everywhere"));

    private final Map<String, String> overrides;
    private final int port;

    /** @param overrides win over every setting named here, the promises too; names not named here are added */
    PostgresSettings(int port, Map<String, String> overrides) {
        this.port = port;
        this.overrides = Map.copyOf(overrides);
    }

    private record Setting(String name, String value, String why) {}

    /** For {@code pg_ctl start -o}: shell-quoted. */
    String commandLine() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("port", Integer.toString(port));
        PROMISES.forEach(setting -> values.put(setting.name, setting.value));
        values.putAll(overrides);
        return values.entrySet().stream()
                .map(entry -> "-c " + shellQuoted(entry.getKey() + "=" + entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    /** The text of {@code sluice.conf}. */
    static String configurationFile() {
        return TUNING.stream()
                .map(setting -> "# " + setting.why + "\n" + setting.name + " = '" + setting.value + "'\n")
                .collect(Collectors.joining(
                        "\n", "# Written by Sluice at each start; ALTER SYSTEM outranks it.\n\n", ""));
    }

    private static String shellQuoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
