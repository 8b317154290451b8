package dev.sluice.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL, durable settings on. The first start takes about three seconds, a later one a fraction of one,
 * after a crash as long as recovery takes (at most two minutes). A stop takes 25 seconds at most.
 */
public final class BundledPostgres extends BundledServer {

    private static final Logger LOG = LoggerFactory.getLogger(BundledPostgres.class);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);
    private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(12);
    private static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(4);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** A fast stop gets half of the limit, an immediate one a sixth, leaving another sixth. */
    private static final int SHARES = 6;

    private final PostgresBinaries binaries;
    private final Path cluster;
    private final ConnectionFile connection;

    private BundledPostgres(Path home, Options options) {
        super(home, options, "PostgreSQL", PostgresBinaries.PROGRAMS, STOP_LIMIT);
        binaries = PostgresBinaries.unpackOnce(home);
        cluster = PostgresCluster.folder(home);
        endSurvivors();
        connection = ConnectionFile.of(home, "PostgreSQL");
        PostgresCluster.createOnce(home, connection.password(), binaries, privileges, commands);
    }

    /**
     * Starts the server of this data directory, made first where it is missing; returns when it takes connections.
     *
     * @throws BundledServerException naming what mends it, for instance when another process has the kept port
     */
    public static BundledPostgres start(DataDirectory dataDirectory, Options options) {
        BundledPostgres server =
                new BundledPostgres(ownFolder(dataDirectory.path().resolve("postgres")), options);
        server.launch();
        return server;
    }

    /** {@code postgresql://user:password@127.0.0.1:port/database}, for psql and the Vert.x client as it stands. */
    @Override
    public String uri() {
        return "postgresql://" + PostgresCluster.USER + ":" + connection.password() + "@127.0.0.1:" + connection.port()
                + "/" + PostgresCluster.DATABASE;
    }

    @Override
    Path pidFile() {
        return cluster.resolve("postmaster.pid");
    }

    @Override
    ConnectionFile connection() {
        return connection;
    }

    @Override
    void launchServer() {
        PostgresSettings settings = new PostgresSettings(connection.port(), options.settings());
        ExternalCommand.Result result = pgCtl(
                "starting PostgreSQL",
                START_LIMIT,
                "start",
                "--log=" + log.file(),
                "--options=" + settings.commandLine());
        if (result.exitCode() != 0) {
            throw notStarted(cluster, result.output());
        }
    }

    /** Connections are cut, what is committed stays; the WAL makes up for what an immediate stop leaves open. */
    @Override
    void ask(List<ProcessHandle> running, Duration limit) {
        OptionalLong postmaster = processes.recorded(pidFile());
        if (postmaster.isPresent() && !stop("fast", atMost(limit.dividedBy(2), FAST_STOP_LIMIT))) {
            LOG.warn("PostgreSQL (process {}) did not stop when asked; stopping it at once", postmaster.getAsLong());
            stop("immediate", atMost(limit.dividedBy(SHARES), IMMEDIATE_STOP_LIMIT));
        }
    }

    /** Only the postmaster: it ends its other processes, frozen ones too. */
    @Override
    boolean isFrozen(List<ProcessHandle> running) {
        OptionalLong postmaster = processes.recorded(pidFile());
        return postmaster.isPresent() && ServerProcesses.isFrozen(postmaster.getAsLong());
    }

    @Override
    Duration patience(Duration limit) {
        return atMost(limit.dividedBy(SHARES), IMMEDIATE_STOP_LIMIT);
    }

    private static Duration atMost(Duration share, Duration limit) {
        return share.compareTo(limit) < 0 ? share : limit;
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
                "--pgdata=" + cluster));
        command.addAll(List.of(flags));
        return commands.tryRun(purpose, privileges.wrap(command), "", limit.plus(GRACE));
    }
}
