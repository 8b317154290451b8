package dev.sluice.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL with durable settings. The first start takes about three seconds, a later one a fraction of one,
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

    private final Path programs;
    private final Path cluster;

    private BundledPostgres(Path home, Options options) {
        super(
                home,
                options,
                "PostgreSQL",
                Binaries.POSTGRES_PROGRAMS,
                PostgresCluster.folder(home).resolve("postmaster.pid"),
                STOP_LIMIT);
        programs = Binaries.postgres(home);
        cluster = PostgresCluster.folder(home);
        endSurvivors();
        PostgresCluster.createOnce(home, connection.password(), programs, commands);
    }

    /**
     * Starts the server of this data directory, made first where it is missing; returns when it takes connections.
     *
     * @throws BundledServerException naming what mends it, for instance when another process has the kept port
     */
    public static BundledPostgres start(DataDirectory dataDirectory, Options options) {
        BundledPostgres server =
                new BundledPostgres(OwnFolder.of(dataDirectory.path().resolve("postgres")), options);
        server.launch();
        return server;
    }

    /** {@code postgresql://user:password@127.0.0.1:port/database}, as psql and the Vert.x client take it. */
    @Override
    public String uri() {
        return "postgresql://" + PostgresRole.NAME + ":" + connection.password() + "@127.0.0.1:" + connection.port()
                + "/" + PostgresRole.DATABASE;
    }

    @Override
    void launchServer() {
        ExternalCommand.Result result = pgCtl(
                "starting PostgreSQL",
                START_LIMIT,
                "start",
                "--log=" + logFile(),
                "--options=" + PostgresSettings.commandLine(connection.port(), options.settings()));
        if (result.exitCode() != 0) {
            throw notStarted(result.output());
        }
    }

    /** Connections are cut, what is committed stays; the WAL makes up for what an immediate stop leaves open. */
    @Override
    Duration ask(Duration limit) {
        Duration immediate = atMost(limit.dividedBy(SHARES), IMMEDIATE_STOP_LIMIT);
        OptionalLong postmaster = processes.recorded();
        if (postmaster.isPresent() && !stop("fast", atMost(limit.dividedBy(2), FAST_STOP_LIMIT))) {
            LOG.warn("PostgreSQL (process {}) did not stop when asked; stopping it at once", postmaster.getAsLong());
            stop("immediate", immediate);
        }
        return immediate;
    }

    private static Duration atMost(Duration share, Duration limit) {
        return share.compareTo(limit) < 0 ? share : limit;
    }

    private boolean stop(String mode, Duration limit) {
        return pgCtl("stopping PostgreSQL", limit, "stop", "--mode=" + mode).exitCode() == 0;
    }

    private ExternalCommand.Result pgCtl(String purpose, Duration limit, String verb, String... flags) {
        List<String> command = new ArrayList<>(List.of(
                programs.resolve("pg_ctl").toString(),
                verb,
                "--wait",
                "--timeout=" + Math.max(1, limit.toSeconds()),
                "--pgdata=" + cluster));
        command.addAll(List.of(flags));
        return commands.tryRun(purpose, command, "", limit.plus(GRACE));
    }
}
