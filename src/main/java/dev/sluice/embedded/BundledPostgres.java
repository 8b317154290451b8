package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL, kept in a data directory across restarts, durable settings on, reached at 127.0.0.1 with a
 * password.
 *
 * <p>The postmaster has a session of its own, so Ctrl-C on a terminal reaches only the JVM; nothing stops it but
 * {@link #stop()}: there is no shutdown hook, the caller orders its own shutdown. What a {@code kill -9} of the JVM
 * left running is stopped and started anew, never adopted. Whoever holds the {@link DataDirectory} may do so.
 *
 * <p>Every method blocks, never call one on an event loop; any thread, one at a time. First start takes about three
 * seconds, a later one a fraction of one, after a crash as long as recovery takes (at most two minutes). Errors are
 * {@link BundledServerException}s.
 */
public final class BundledPostgres implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BundledPostgres.class);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);
    private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(12);
    private static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(4);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(4);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** Of the limit of a stop, beside the half that a fast one gets: an immediate one, and leaving. */
    private static final int SHARES = 6;

    private final Options options;
    private final ExternalCommand commands;
    private final Privileges privileges;
    private final PostgresBinaries binaries;
    private final ServerProcesses processes;
    private final Path clusterFolder;
    private final ServerLog log;
    private final ConnectionFile connection;

    private BundledPostgres(Path home, Options options) {
        this.options = options;
        commands = new ExternalCommand(home);
        privileges = Privileges.detect(commands);
        binaries = PostgresBinaries.unpackOnce(home);
        processes = new ServerProcesses(home, PostgresBinaries.PROGRAMS);
        clusterFolder = PostgresCluster.folder(home);
        log = new ServerLog(home.resolve("postgres.log"));
        endSurvivors();
        connection = ConnectionFile.of(home, "PostgreSQL");
        PostgresCluster.createOnce(home, connection.password(), binaries, privileges, commands);
    }

    /**
     * What may differ from the defaults.
     *
     * @param settings PostgreSQL settings by name; they win over everything, the durable ones too
     */
    public record Options(Map<String, String> settings) {

        public Options {
            settings = Map.copyOf(settings);
        }

        public static Options defaults() {
            return new Options(Map.of());
        }

        public Options with(String setting, String value) {
            Map<String, String> all = new HashMap<>(settings);
            all.put(setting, value);
            return new Options(all);
        }
    }

    /**
     * Starts the server of this data directory, made first where it is missing; returns when it takes connections.
     *
     * @throws BundledServerException naming what mends it, for instance when the kept port is somebody else's
     */
    public static BundledPostgres start(DataDirectory dataDirectory, Options options) {
        Path home = homeIn(dataDirectory);
        BundledPostgres server = new BundledPostgres(home, options);
        server.launch();
        return server;
    }

    /** {@code postgresql://user:password@127.0.0.1:port/database}, for psql and the Vert.x client as it stands. */
    public String uri() {
        return "postgresql://" + PostgresCluster.USER + ":" + connection.password() + "@127.0.0.1:" + connection.port()
                + "/" + PostgresCluster.DATABASE;
    }

    /** Process id of the running postmaster; another one after each restart. */
    public long postmasterPid() {
        return processes
                .recorded(pidFile())
                .orElseThrow(
                        () -> new BundledServerException("the bundled PostgreSQL is not running; see " + logFile()));
    }

    /** What the server says; begun anew beyond 10 MiB, one older file kept beside it. */
    public Path logFile() {
        return log.file();
    }

    /**
     * Stops the server: connections are cut, what is committed stays. Nothing running is fine. Within 25 seconds: who
     * does not end when asked (a frozen process, for instance) is killed, which the WAL outlives.
     */
    public synchronized void stop() {
        stop(STOP_LIMIT);
    }

    /** As {@link #stop()}, within another limit; one below three seconds is for who may be killed at once. */
    public synchronized void stop(Duration limit) {
        OptionalLong postmaster = processes.recorded(pidFile());
        boolean frozen = postmaster.isPresent() && ServerProcesses.isFrozen(postmaster.getAsLong());
        if (postmaster.isPresent() && !frozen) {
            ask(postmaster.getAsLong(), limit);
        }
        if (frozen || !processes.awaitNone(atMost(limit.dividedBy(SHARES), LEAVE_LIMIT))) {
            LOG.warn("PostgreSQL {}; killing it, which its WAL outlives", frozen ? "is frozen" : "does not stop");
            processes.kill();
            requireNone();
        }
        deleteStalePidFile();
    }

    private void ask(long postmaster, Duration limit) {
        if (!stop("fast", atMost(limit.dividedBy(2), FAST_STOP_LIMIT))) {
            LOG.warn("PostgreSQL (process {}) did not stop when asked; stopping it at once", postmaster);
            stop("immediate", atMost(limit.dividedBy(SHARES), IMMEDIATE_STOP_LIMIT));
        }
    }

    private static Duration atMost(Duration share, Duration limit) {
        return share.compareTo(limit) < 0 ? share : limit;
    }

    /** Stops where needed and starts again on the same port; for tests of a store that goes and comes. */
    public synchronized void restart() {
        stop();
        launch();
    }

    @Override
    public void close() {
        stop();
    }

    private static Path homeIn(DataDirectory dataDirectory) {
        Path home = dataDirectory.path().resolve("postgres");
        try {
            Files.createDirectories(home);
        } catch (IOException e) {
            throw new BundledServerException("cannot create " + home + " (" + e + "): it has to be writable", e);
        }
        Privileges.requireOwn(home);
        return home;
    }

    private void endSurvivors() {
        List<Long> survivors =
                processes.alive().stream().map(ProcessHandle::pid).toList();
        if (!survivors.isEmpty()) {
            LOG.warn("stopping the PostgreSQL that a killed Sluice left behind (processes {})", survivors);
        }
        stop();
    }

    private void launch() {
        connection.requireFree();
        log.begin();
        ServerSettings settings = new ServerSettings(connection.port(), options.settings());
        boolean started = false;
        try {
            ExternalCommand.Result result = pgCtl(
                    "starting PostgreSQL",
                    START_LIMIT,
                    "start",
                    "--log=" + log.file(),
                    "--options=" + settings.commandLine());
            if (result.exitCode() != 0) {
                throw notStarted(result);
            }
            started = true;
        } finally {
            if (!started) {
                stop();
            }
        }
    }

    private BundledServerException notStarted(ExternalCommand.Result result) {
        String said = log.sinceBegin();
        if (said.contains("Address already in use")) {
            return connection.taken();
        }
        return new BundledServerException("the bundled PostgreSQL in " + clusterFolder + " did not start; it said (see "
                + log.file() + "):\n" + (said.isBlank() ? result.output() : said));
    }

    private boolean stop(String mode, Duration limit) {
        return pgCtl("stopping PostgreSQL", limit, "stop", "--mode=" + mode).exitCode() == 0;
    }

    private ExternalCommand.Result pgCtl(String purpose, Duration limit, String verb, String... flags) {
        List<String> command = new ArrayList<>(List.of(
                binaries.program("pg_ctl"),
                verb,
                "--wait",
                "--timeout=" + Math.max(1, limit.toSeconds()),
                "--pgdata=" + clusterFolder));
        command.addAll(List.of(flags));
        return commands.tryRun(purpose, privileges.wrap(command), "", limit.plus(GRACE));
    }

    private void requireNone() {
        if (!processes.awaitNone(LEAVE_LIMIT)) {
            throw new BundledServerException("PostgreSQL's processes "
                    + processes.alive().stream().map(ProcessHandle::pid).toList() + " in " + clusterFolder
                    + " do not end: end them (`kill -9`) and start again");
        }
    }

    private Path pidFile() {
        return clusterFolder.resolve("postmaster.pid");
    }

    /** Nobody runs here, but the number in the file may be another program's now, and PostgreSQL would give up. */
    private void deleteStalePidFile() {
        try {
            Files.deleteIfExists(pidFile());
        } catch (IOException e) {
            throw new BundledServerException("cannot delete the stale pid file in " + clusterFolder, e);
        }
    }
}
