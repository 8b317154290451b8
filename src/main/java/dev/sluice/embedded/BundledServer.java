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
 * A real server in a folder of its own, kept across restarts, reached at 127.0.0.1 with a password.
 *
 * <p>Its processes have a session of their own, so Ctrl-C on a terminal reaches only the JVM. Nothing stops them but
 * {@link #stop()}: there is no shutdown hook, the caller orders its own shutdown. What a {@code kill -9} of the JVM
 * left running is stopped and started anew, never adopted; the holder of the {@link DataDirectory} may do so.
 *
 * <p>Every method blocks: never call one on an event loop. Any thread, one at a time. Errors are {@link
 * BundledServerException}s.
 */
public abstract class BundledServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BundledServer.class);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(4);

    final Path home;
    final Options options;
    final ExternalCommand commands;
    final Privileges privileges;
    final ServerProcesses processes;
    final ServerLog log;
    private final String name;
    private final Duration stopLimit;

    /**
     * What may differ from the defaults.
     *
     * @param settings the server's own settings by name, values as its configuration has them; they win over
     *     everything, the durable ones too
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
     * For a folder; nothing is started yet.
     *
     * @param name of the server, for messages
     * @param programs file names of what runs in the folder
     * @param stopLimit of {@link #stop()}
     */
    BundledServer(Path home, Options options, String name, Set<String> programs, Duration stopLimit) {
        this.home = home;
        this.options = options;
        this.name = name;
        this.stopLimit = stopLimit;
        commands = new ExternalCommand(home);
        privileges = Privileges.detect(commands);
        processes = new ServerProcesses(home, programs);
        log = new ServerLog(home.resolve(home.getFileName() + ".log"));
    }

    /** The server's folder, made with mode 700 where it is missing: the real path, by which processes are known. */
    static Path ownFolder(Path folder) {
        try {
            Path real = Files.createDirectories(
                            folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                    .toRealPath();
            Privileges.requireOwn(real);
            return real;
        } catch (IOException e) {
            throw new BundledServerException("cannot create " + folder + " (" + e + "): it has to be writable", e);
        }
    }

    /** Where the server is, password included. */
    public abstract String uri();

    /** The server's pid file; its first line is the process id. */
    abstract Path pidFile();

    abstract ConnectionFile connection();

    /** Starts the server and waits until it takes commands. */
    abstract void launchServer();

    /** Asks the server to end; what still runs after that is killed. */
    abstract void ask(List<ProcessHandle> running, Duration limit);

    /** How long {@link #stop(Duration)} waits after it asked. */
    abstract Duration patience(Duration limit);

    /** Process id of the running server; another one after each restart. */
    public long pid() {
        return processes
                .recorded(pidFile())
                .orElseThrow(
                        () -> new BundledServerException("the bundled " + name + " is not running; see " + logFile()));
    }

    /** What the server says; begun anew beyond 10 MiB, one older file kept beside it. */
    public Path logFile() {
        return log.file();
    }

    /** Stops a server that a killed Sluice left behind. */
    void endSurvivors() {
        if (!processes.alive().isEmpty()) {
            LOG.warn("stopping the {} that a killed Sluice left behind (processes {})", name, pids());
        }
        stop();
    }

    /** Starts the server; one that does not start leaves nothing running. */
    void launch() {
        connection().requireFree();
        log.begin();
        boolean started = false;
        try {
            launchServer();
            started = true;
        } finally {
            if (!started) {
                stop();
            }
        }
    }

    /** Why it did not start: what its log says since the launch, otherwise what is given. */
    BundledServerException notStarted(Path data, String otherwise) {
        String said = log.sinceBegin();
        if (said.contains("Address already in use")) {
            return connection().taken();
        }
        String whole = said.isBlank() || said.startsWith("(no log") ? otherwise : said;
        return new BundledServerException(
                "the bundled " + name + " in " + data + " did not start; it said (see " + log.file() + "):\n" + whole);
    }

    /**
     * Stops the server; what it acknowledged stays. Nothing running is fine. A server that does not end when asked, for
     * instance a frozen one, is killed: what it synced outlives that.
     */
    public synchronized void stop() {
        stop(stopLimit);
    }

    /** As {@link #stop()}, within another limit; below three seconds the server may be killed at once. */
    public synchronized void stop(Duration limit) {
        List<ProcessHandle> running = processes.alive();
        boolean frozen = isFrozen(running);
        if (!frozen) {
            ask(running, limit);
        }
        if (frozen || !processes.awaitNone(patience(limit))) {
            LOG.warn("{} {}; killing it, which what it synced outlives", name, frozen ? "is frozen" : "does not stop");
            processes.kill();
            requireNone();
        }
        deleteStalePidFile();
    }

    /** Whether the server is stopped by a signal and cannot hear that it is asked to end. */
    boolean isFrozen(List<ProcessHandle> running) {
        return running.stream().anyMatch(process -> ServerProcesses.isFrozen(process.pid()));
    }

    private void requireNone() {
        if (!processes.awaitNone(LEAVE_LIMIT)) {
            throw new BundledServerException(name + "'s processes " + pids() + " in " + home
                    + " do not end: end them (`kill -9`) and start again");
        }
    }

    private List<Long> pids() {
        return processes.alive().stream().map(ProcessHandle::pid).toList();
    }

    /** No server runs here now, and the number in the file may be another program's. */
    private void deleteStalePidFile() {
        try {
            Files.deleteIfExists(pidFile());
        } catch (IOException e) {
            throw new BundledServerException("cannot delete the stale pid file " + pidFile(), e);
        }
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
}
