package dev.sluice.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.config.value.FileProblem;
import java.io.IOException;
import java.net.Socket;
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
    private static final int PING_LIMIT_MS = 500;
    private static final String PONG = "+OK\r\n+PONG\r\n";

    private final Path program;
    private final Path data;
    private final Path configuration;

    private BundledRedis(Path home, Options options) {
        super(
                home,
                options,
                "Redis",
                Set.of(Binaries.REDIS_PROGRAM),
                home.resolve("data").resolve("redis.pid"),
                STOP_LIMIT);
        program = Binaries.redis(home);
        data = OwnFolder.of(home.resolve("data"));
        configuration = home.resolve("redis.conf");
        endSurvivors();
    }

    /**
     * Starts the server of this data directory; returns when it has read what it kept and takes commands.
     *
     * @throws BundledServerException naming what mends it, for instance when another process has the kept port
     */
    public static BundledRedis start(DataDirectory dataDirectory, Options options) {
        BundledRedis server = new BundledRedis(OwnFolder.of(dataDirectory.path().resolve("redis")), options);
        server.launch();
        return server;
    }

    /** {@code redis://user:password@127.0.0.1:port}, as redis-cli -u and the Vert.x client take it. */
    @Override
    public String uri() {
        return "redis://" + RedisSettings.USER + ":" + connection.password() + "@127.0.0.1:" + connection.port();
    }

    @Override
    void launchServer() {
        writeConfiguration();
        ExternalCommand.Result result = commands.tryRun(
                "starting Redis", List.of(program.toString(), configuration.toString()), "", LAUNCH_LIMIT);
        if (result.exitCode() != 0) {
            throw notStarted(result.output());
        }
        awaitReady();
    }

    private void writeConfiguration() {
        try {
            KeptFiles.writeSecret(
                    configuration, RedisSettings.file(connection, data, pidFile, logFile(), options.settings()));
        } catch (IOException e) {
            throw new BundledServerException("cannot write " + configuration + ": " + FileProblem.of(e), e);
        }
    }

    /** The launched process ended at once and left the server behind: the process that answers must be that one. */
    private void awaitReady() {
        ServerProcesses.await(() -> isReady() || processes.alive().isEmpty(), START_LIMIT);
        if (!isReady()) {
            throw notStarted("it took longer than " + START_LIMIT.toSeconds() + " s");
        }
    }

    private boolean isReady() {
        return processes.recorded().isPresent() && answersPing();
    }

    /** No while it still reads its file, or where another server listens. */
    private boolean answersPing() {
        try (Socket socket = new Socket()) {
            socket.connect(ConnectionFile.address(connection.port()), PING_LIMIT_MS);
            socket.setSoTimeout(PING_LIMIT_MS);
            String commands = "AUTH " + RedisSettings.USER + " " + connection.password() + "\r\nPING\r\n";
            socket.getOutputStream().write(commands.getBytes(US_ASCII));
            return new String(socket.getInputStream().readNBytes(PONG.length()), US_ASCII).equals(PONG);
        } catch (IOException e) {
            return false; // not there yet; its log says why it never comes
        }
    }

    @Override
    Duration ask(Duration limit) {
        processes.alive().forEach(ProcessHandle::destroy);
        return limit.dividedBy(2);
    }
}
