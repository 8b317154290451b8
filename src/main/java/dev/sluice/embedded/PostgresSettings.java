package dev.sluice.embedded;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every setting of the bundled PostgreSQL that is not PostgreSQL's own default, each with a line of why.
 *
 * <p>The promises go on the command line, where neither a file nor ALTER SYSTEM outranks them. The tuning goes into
 * {@code sluice.conf} in the cluster's folder, written at each start, where ALTER SYSTEM may outrank it.
 */
final class PostgresSettings {

    private static final List<String> PROMISES = List.of(
            "fsync=on", // 201 means synced
            "full_page_writes=on", // a page torn by a power loss is mended from the WAL
            "synchronous_commit=on", // the answer waits for the sync of its own commit
            "listen_addresses=127.0.0.1", // a development server is for this machine alone
            "unix_socket_directories="); // TCP with a password is the only way in

    /** The text of {@code sluice.conf}. */
    static final String TUNING = """
            # Written by Sluice at each start; ALTER SYSTEM outranks it.

            # ids are spread evenly, so the hot set is the whole primary key
            shared_buffers = '256MB'
            # fewer checkpoints, each of which makes full pages be logged again; crash recovery still reads it in seconds
            max_wal_size = '2GB'
            # WAL files are reused under load, not created and zeroed
            min_wal_size = '512MB'
            # as max_wal_size: spread over time, not in bursts
            checkpoint_timeout = '15min'
            # one whole segment: batches do not wait for each other's buffers
            wal_buffers = '16MB'
            # these binaries have only pglz, which costs the CPU that is scarce
            wal_compression = 'off'
            # look-ups are by key; processors belong to the intake
            max_parallel_workers_per_gather = '0'
            # no statement here runs long enough to repay a compilation
            jit = 'off'
            # keeps index-only look-ups and statistics right while rows pour in
            autovacuum = 'on'
            # one of few processors at most
            autovacuum_max_workers = '1'
            # an error's DETAIL quotes the row: orders stay out of the log
            log_error_verbosity = 'terse'
            # as above: statements carry orders
            log_min_error_statement = 'panic'
            # one clock everywhere
            timezone = 'UTC'
            log_timezone = 'UTC'
            """;

    private PostgresSettings() {}

    /**
     * For {@code pg_ctl start -o}, shell-quoted; of two settings with one name PostgreSQL takes the later.
     *
     * @param overrides win over the promises too
     */
    static String commandLine(int port, Map<String, String> overrides) {
        Stream<String> others = overrides.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue());
        return Stream.of(Stream.of("port=" + port), PROMISES.stream(), others)
                .flatMap(settings -> settings)
                .map(setting -> "-c '" + setting.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
