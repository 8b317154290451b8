package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Redis, kept in a data directory across restarts, every write synced before its answer, reached at 127.0.0.1
 * with a user and a password that may do what a queue needs and no more.
 *
 * <p>It has a session of its own, so Ctrl-C on a terminal reaches only the JVM; nothing stops it but {@link #stop()}:
 * there is no shutdown hook, the caller orders its own shutdown. What a {@code kill -9} of the JVM left running is
 * stopped and started anew, never adopted. Whoever holds the {@link DataDirectory} may do so.
 *
 * <p>Every method blocks, never call one on an event loop; any thread, one at a time. A start takes about a tenth of a
 * second, and as long as reading its file takes where much is queued (at most two minutes). Errors are {@link
 * BundledServerException}s.
 */
public final class BundledRedis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BundledRedis.class);
    private static final Duration LAUNCH_LIMIT = Duration.ofSeconds(10);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(4);

    private final Options options;
    private final ExternalCommand commands;
    private final Privileges privileges;
    private final Path program;
    private final Path data;
    private final Path pidFile;
    private final Path configuration;
    private final ServerProcesses processes;
    private final ServerLog log;
    private final ConnectionFile connection;

    private BundledRedis(Path home, Options options) {
        this.options = options;
        commands = new ExternalCommand(home);
        privileges = Privileges.detect(commands);
        program = RedisBinary.unpackOnce(home);
        data = ownFolder(home.resolve("data"));
        pidFile = data.resolve("redis.pid");
        configuration = home.resolve("redis.conf");
        processes = new ServerProcesses(home, Set.of(RedisBinary.PROGRAM));
        log = new ServerLog(home.resolve("redis.log"));
        endSurvivors();
        connection = ConnectionFile.of(home, "Redis");
    }

    /**
     * What may differ from the defaults.
     *
     * @param settings Redis settings by name ({@code appendfsync}, {@code user NAME}), values as {@code redis.conf}
     *     has them; they win over everything, the durable ones too
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
     * Starts the server of this data directory; returns when it takes commands, all that it kept read.
     *
     * @throws BundledServerException naming what mends it, for instance when the kept port is somebody else's
     */
    public static BundledRedis start(DataDirectory dataDirectory, Options options) {
        Path home = ownFolder(dataDirectory.path().resolve("redis"));
        Privileges.requireOwn(home);
        BundledRedis server = new BundledRedis(home, options);
        server.launch();
        return server;
    }

    /** {@code redis://user:password@127.0.0.1:port}, for redis-cli -u and the Vert.x client as it stands. */
    public String uri() {
        return "redis://" + RedisSettings.USER + ":" + connection.password() + "@127.0.0.1:" + connection.port();
    }

    /** Process id of the running server; another one after each restart. */
    public long pid() {
        return processes
                .recorded(pidFile)
                .orElseThrow(() -> new BundledServerException("the bundled Redis is not running; see " + logFile()));
    }

    /** What the server says; begun anew beyond 10 MiB, one older file kept beside it. */
    public Path logFile() {
        return log.file();
    }

    /**
     * Stops the server; what it acknowledged stays. Nothing running is fine. Within 10 seconds: who does not end when
     * asked (a frozen process, for instance) is killed, which its synced file outlives.
     */
    public synchronized void stop() {
        stop(STOP_LIMIT);
    }

    /** As {@link #stop()}, within another limit; half of it is for who does not end when asked. */
    public synchronized void stop(Duration limit) {
        List<ProcessHandle> alive = processes.alive();
        boolean frozen = alive.stream().anyMatch(process -> ServerProcesses.isFrozen(process.pid()));
        if (!frozen) {
            alive.forEach(ProcessHandle::destroy);
        }
        if (frozen || !processes.awaitNone(limit.dividedBy(2))) {
            LOG.warn("Redis {}; killing it, which its synced file outlives", frozen ? "is frozen" : "does not stop");
            processes.kill();
            requireNone();
        }
        delete(pidFile);
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

    /** Mode 700 where it is made: what is queued is the owner's alone. The real path, by which processes are known. */
    private static Path ownFolder(Path folder) {
        try {
            return Files.createDirectories(
                            folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                    .toRealPath();
        } catch (IOException e) {
            throw new BundledServerException("cannot create " + folder + " (" + e + "): it has to be writable", e);
        }
    }

    private void endSurvivors() {
        List<Long> survivors =
                processes.alive().stream().map(ProcessHandle::pid).toList();
        if (!survivors.isEmpty()) {
            LOG.warn("stopping the Redis that a killed Sluice left behind (processes {})", survivors);
        }
        stop();
    }

    private void launch() {
        connection.requireFree();
        log.begin();
        writeConfiguration();
        boolean started = false;
        try {
            ExternalCommand.Result result = commands.tryRun(
                    "starting Redis",
                    privileges.wrap(List.of(program.toString(), configuration.toString())),
                    "",
                    LAUNCH_LIMIT);
            if (result.exitCode() != 0) {
                throw notStarted(result.output());
            }
            awaitReady();
            started = true;
        } finally {
            if (!started) {
                stop();
            }
        }
    }

    private void writeConfiguration() {
        RedisSettings settings = new RedisSettings(connection.port(), options.settings());
        try {
            KeptFiles.writeSecret(configuration, settings.file(data, pidFile, log.file(), connection.password()));
        } catch (IOException e) {
            throw new BundledServerException("cannot write " + configuration + " (" + e + ")", e);
        }
    }

    /** The process that was launched ended at once and left the server behind: whoever answers has to be that one. */
    private void awaitReady() {
        ServerProcesses.await(() -> isReady() || processes.alive().isEmpty(), START_LIMIT);
        if (!isReady()) {
            throw notStarted("it took longer than " + START_LIMIT.toSeconds() + " s");
        }
    }

    private boolean isReady() {
        return processes.recorded(pidFile).isPresent()
                && RedisPing.answers(connection.port(), RedisSettings.USER, connection.password());
    }

    private BundledServerException notStarted(String otherwise) {
        String said = log.sinceBegin();
        if (said.contains("Address already in use")) {
            return connection.taken();
        }
        String whole = said.isBlank() || said.startsWith("(no log") ? otherwise : said;
        return new BundledServerException(
                "the bundled Redis in " + data + " did not start; it said (see " + log.file() + "):\n" + whole);
    }

    private void requireNone() {
        if (!processes.awaitNone(LEAVE_LIMIT)) {
            throw new BundledServerException("Redis's processes "
                    + processes.alive().stream().map(ProcessHandle::pid).toList() + " in " + data
                    + " do not end: end them (`kill -9`) and start again");
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new BundledServerException("cannot delete the stale pid file " + file, e);
        }
    }
}
