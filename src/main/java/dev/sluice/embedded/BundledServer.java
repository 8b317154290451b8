package dev.sluice.embedded;

import dev.sluice.config.value.FileProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

    /** Where the URI is kept in a server's folder, its password included; readable for its owner alone. */
    public static final String URI_FILE = "uri";

    private static final Logger LOG = LoggerFactory.getLogger(BundledServer.class);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(4);
    private static final long LOG_BYTES_MAX = 10L << 20;
    private static final int LOG_TAIL_BYTES_MAX = 4_096;

    final Options options;
    final Path pidFile;
    final ExternalCommand commands;
    final ServerProcesses processes;
    final ConnectionFile connection;
    private final Path home;
    private final Path logFile;
    private final String name;
    private final Duration stopLimit;
    private long logLaunchedAt;

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
     * @param pidFile written by the server, in its data folder; its first line is the process id
     * @param stopLimit of {@link #stop()}
     */
    BundledServer(Path home, Options options, String name, Set<String> programs, Path pidFile, Duration stopLimit) {
        this.home = home;
        this.options = options;
        this.name = name;
        this.pidFile = pidFile;
        this.stopLimit = stopLimit;
        commands = Privileges.dropped(new ExternalCommand(home));
        processes = new ServerProcesses(home, programs, pidFile);
        connection = ConnectionFile.of(home, name);
        logFile = home.resolve(home.getFileName() + ".log");
    }

    /** Where the server is, password included. */
    public abstract String uri();

    /** Starts the server and waits until it takes commands. */
    abstract void launchServer();

    /** Asks the server to end; returns how long to wait before what still runs is killed. */
    abstract Duration ask(Duration limit);

    /** Process id of the running server; another one after each restart. */
    public long pid() {
        return processes
                .recorded()
                .orElseThrow(
                        () -> new BundledServerException("the bundled " + name + " is not running; see " + logFile()));
    }

    /** What the server says; begun anew beyond 10 MiB, one older file kept beside it. */
    public Path logFile() {
        return logFile;
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
        connection.requireFree();
        keepUri();
        beginLog();
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

    /** For {@code psql "$(cat …)"} and {@code SLUICE_POSTGRES_URI_FILE}. */
    private void keepUri() {
        Path file = home.resolve(URI_FILE);
        String text = uri() + "\n";
        try {
            if (!Files.exists(OwnFolder.requireOwnFile(file))
                    || !Files.readString(file).equals(text)) {
                KeptFiles.writeSecret(file, text);
            }
        } catch (IOException e) {
            throw new BundledServerException("cannot keep " + file + ": " + FileProblem.of(e), e);
        }
    }

    private void beginLog() {
        try {
            long bytes = Files.exists(logFile) ? Files.size(logFile) : 0;
            if (bytes > LOG_BYTES_MAX) {
                Files.move(logFile, home.resolve(logFile.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                bytes = 0;
            }
            logLaunchedAt = bytes;
        } catch (IOException e) {
            throw new BundledServerException("cannot use the log file " + logFile + ": " + FileProblem.of(e), e);
        }
    }

    /** Why it did not start: what its log says since the launch, otherwise what is given. */
    BundledServerException notStarted(String otherwise) {
        String said = loggedSinceLaunch();
        if (said.contains("Address already in use")) {
            return connection.taken();
        }
        return new BundledServerException("the bundled " + name + " in " + pidFile.resolveSibling("")
                + " did not start; it said (see " + logFile + "):\n" + (said.isEmpty() ? otherwise : said));
    }

    /** The last {@value #LOG_TAIL_BYTES_MAX} bytes at most; empty where there is no log. */
    private String loggedSinceLaunch() {
        try (FileChannel channel = FileChannel.open(logFile, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(LOG_TAIL_BYTES_MAX);
            channel.read(bytes, Math.max(logLaunchedAt, channel.size() - LOG_TAIL_BYTES_MAX));
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            LOG.debug("no log of {}", name, e);
            return "";
        }
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
        boolean frozen = processes.isFrozen();
        if (frozen || !processes.awaitNone(ask(limit))) {
            LOG.warn("{} {}; killing it, which what it synced outlives", name, frozen ? "is frozen" : "does not stop");
            processes.kill();
            requireNone();
        }
        deleteStalePidFile();
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
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new BundledServerException("cannot delete the stale pid file " + pidFile, e);
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
