package dev.sluice.rig;

import dev.sluice.embedded.BundledRedis;
import dev.sluice.embedded.BundledServer;
import dev.sluice.embedded.DataDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real Redis of a test's own, in a folder that goes with it: durable settings, about a tenth of a second to start.
 * Runs the bundled program, or the one that SLUICE_TEST_REDIS names, which may be a newer Redis or a Valkey. Every
 * method blocks; one thread.
 */
public final class TestRedis implements AutoCloseable {

    private static final Path FOLDER = Path.of("target", "test-redis");
    private static final String VERSION = "7.0.15";

    /** The user of {@link #ask}, who may do everything. */
    public static final String TESTER = "tester";

    private final Path folder;
    private final DataDirectory directory;
    private final BundledRedis server;

    private TestRedis(Path folder, BundledServer.Options options) throws IOException {
        this.folder = folder;
        directory = DataDirectory.open(folder);
        Path home = Files.createDirectories(folder.resolve("redis"));
        Files.createSymbolicLink(home.resolve("binaries-" + VERSION), Program.FOLDER);
        server = BundledRedis.start(directory, options.with("user " + TESTER, "on >" + TESTER + " ~* &* +@all"));
    }

    public static TestRedis start() {
        return start(BundledServer.Options.defaults());
    }

    /** With one setting other than the durable ones. */
    public static TestRedis start(String setting, String value) {
        return start(BundledServer.Options.defaults().with(setting, value));
    }

    public static TestRedis start(BundledServer.Options options) {
        try {
            return new TestRedis(Files.createTempDirectory(Files.createDirectories(FOLDER), "r"), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On a disk of the test's choice; the folder goes with the server. */
    public static TestRedis startIn(Path folder) throws IOException {
        return new TestRedis(Files.createDirectories(folder), BundledServer.Options.defaults());
    }

    /** As the node is given it: a user who may do what the queue needs. */
    public String uri() {
        return server.uri();
    }

    public String uri(String user, String password) {
        return "redis://" + user + ":" + password + "@127.0.0.1:" + port();
    }

    public int port() {
        return URI.create(uri()).getPort();
    }

    /** The program itself, which is also a Sentinel, or a node of a Redis Cluster. */
    public static Path program() {
        return Program.FOLDER.resolve("redis-server");
    }

    /** For {@code stop()} with a limit and its process id. */
    public BundledRedis server() {
        return server;
    }

    /** On the same port, with what is on the disk. */
    public void restart() {
        server.restart();
    }

    /** What a failover to a server that has nothing looks like. */
    public void restartEmpty() {
        kill();
        Folders.deleteTree(folder.resolve("redis/data/appendonlydir"));
        restart();
    }

    /** Kills it at once, as {@code kill -9} does; {@link #restart()} brings it back. */
    public void kill() {
        long pid = server.pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        Await.until("the end of Redis", () -> !isAlive(pid));
    }

    /** Answers nothing until {@link #thaw()}; connections stay. */
    public void freeze() {
        Commands.signal("STOP", List.of(server.pid()));
    }

    public void thaw() {
        Commands.signal("CONT", List.of(server.pid()));
    }

    public boolean isAlive() {
        try {
            return isAlive(server.pid());
        } catch (RuntimeException none) {
            return false;
        }
    }

    /** Whether it tells of its syncs, as Redis does from 7.2 on. */
    public boolean hasWaitAof() {
        return !ask("COMMAND", "INFO", "WAITAOF").isEmpty();
    }

    /** One command by the tester, its answer as redis-cli --raw would show it; errors begin with "-". */
    public String ask(String... command) {
        return on(uri(TESTER, TESTER), command);
    }

    /** As {@link #ask}, and fails on an error. */
    public String command(String... command) {
        String answer = ask(command);
        require(answer);
        return answer;
    }

    /** One command by the user of {@link #uri()}. */
    public String askAsNode(String... command) {
        return on(uri(), command);
    }

    /** One command by the user of a URI. */
    public static String on(String uri, String... command) {
        try (RawRedis redis = new RawRedis(URI.create(uri).getPort())) {
            String login = redis.login(uri);
            return login.equals("OK") ? redis.ask(command) : login;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commands in one MULTI, words parted by spaces, by the user of {@link #uri()}. */
    public void transaction(String... commands) {
        try (RawRedis redis = new RawRedis(port())) {
            require(redis.login(uri()));
            require(redis.ask("MULTI"));
            for (String command : commands) {
                require(redis.ask(command.split(" ", -1)));
            }
            require(redis.ask("EXEC"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(String answer) {
        if (answer.startsWith("-")) {
            throw new IllegalStateException(answer);
        }
    }

    /** A zombie, which waits for a parent to notice, counts as dead. */
    public static boolean isAlive(long pid) {
        try {
            Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        server.close();
        directory.close();
        Folders.deleteTree(folder);
    }

    /** Holder: where the program is, unpacked by its first reader. */
    private static final class Program {

        static final Path FOLDER = unpack();

        private static Path unpack() {
            String other = System.getenv("SLUICE_TEST_REDIS");
            try {
                Path folder = Files.createTempDirectory("sluice-redis-program");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> Folders.deleteTree(folder), "delete-redis"));
                Path program = folder.resolve("redis-server");
                try (InputStream bytes =
                        other == null || other.isBlank() ? bundled() : Files.newInputStream(Path.of(other))) {
                    Files.copy(bytes, program);
                }
                program.toFile().setExecutable(true);
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static InputStream bundled() {
            String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
            return TestRedis.class.getResourceAsStream("/redis-server-" + VERSION + "-linux-" + arch);
        }
    }
}
