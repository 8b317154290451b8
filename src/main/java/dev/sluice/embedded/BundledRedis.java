package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A real Redis that syncs every write before its answer, with a user who may do what a queue needs and no more. A start
 * takes about a tenth of a second, and as long as reading its file takes where much is queued (at most two minutes). A
 * stop takes 10 seconds at most.
 */
public final class BundledRedis extends BundledServer {

    private static final Duration LAUNCH_LIMIT = Duration.ofSeconds(10);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Path program;
    private final Path data;
    private final Path configuration;
    private final ConnectionFile connection;

    private BundledRedis(Path home, Options options) {
        super(home, options, "Redis", Set.of(RedisBinary.PROGRAM), STOP_LIMIT);
        program = RedisBinary.unpackOnce(home);
        data = ownFolder(home.resolve("data"));
        configuration = home.resolve("redis.conf");
        endSurvivors();
        connection = ConnectionFile.of(home, "Redis");
    }

    /**
     * Starts the server of this data directory; returns when it takes commands, all that it kept read.
     *
     * @throws BundledServerException naming what mends it, for instance when another process has the kept port
     */
    public static BundledRedis start(DataDirectory dataDirectory, Options options) {
        BundledRedis server = new BundledRedis(ownFolder(dataDirectory.path().resolve("redis")), options);
        server.launch();
        return server;
    }

    /** {@code redis://user:password@127.0.0.1:port}, for redis-cli -u and the Vert.x client as it stands. */
    @Override
    public String uri() {
        return "redis://" + RedisSettings.USER + ":" + connection.password() + "@127.0.0.1:" + connection.port();
    }

    @Override
    Path pidFile() {
        return data.resolve("redis.pid");
    }

    @Override
    ConnectionFile connection() {
        return connection;
    }

    @Override
    void launchServer() {
        writeConfiguration();
        ExternalCommand.Result result = commands.tryRun(
                "starting Redis",
                privileges.wrap(List.of(program.toString(), configuration.toString())),
                "",
                LAUNCH_LIMIT);
        if (result.exitCode() != 0) {
            throw notStarted(data, result.output());
        }
        awaitReady();
    }

    private void writeConfiguration() {
        RedisSettings settings = new RedisSettings(connection.port(), options.settings());
        try {
            KeptFiles.writeSecret(configuration, settings.file(data, pidFile(), log.file(), connection.password()));
        } catch (IOException e) {
            throw new BundledServerException("cannot write " + configuration + " (" + e + ")", e);
        }
    }

    /** The process that was launched ended at once and left the server behind: the one that answers must be that. */
    private void awaitReady() {
        ServerProcesses.await(() -> isReady() || processes.alive().isEmpty(), START_LIMIT);
        if (!isReady()) {
            throw notStarted(data, "it took longer than " + START_LIMIT.toSeconds() + " s");
        }
    }

    private boolean isReady() {
        return processes.recorded(pidFile()).isPresent()
                && RedisPing.answers(connection.port(), RedisSettings.USER, connection.password());
    }

    @Override
    void ask(List<ProcessHandle> running, Duration limit) {
        running.forEach(ProcessHandle::destroy);
    }

    @Override
    Duration patience(Duration limit) {
        return limit.dividedBy(2);
    }
}
