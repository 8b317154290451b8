package dev.sluice.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A real Redis of a test's own, in a folder under {@code target/test-redis} that goes with it: durable settings, about
 * a tenth of a second to start. {@link #ask} is a user who may do everything, for what a test wants to break. Every
 * method blocks; one thread.
 */
public final class TestRedis implements AutoCloseable {

    private static final Path FOLDER = Path.of("target", "test-redis");
    private static final String ALMIGHTY = "tester";
    private static final String PASSWORD = "tester";

    private final Path folder;
    private final DataDirectory directory;
    private final BundledRedis server;

    private TestRedis(Path folder, BundledServer.Options options) {
        this.folder = folder;
        directory = DataDirectory.open(folder);
        server = BundledRedis.start(directory, options.with("user " + ALMIGHTY, "on >" + PASSWORD + " ~* &* +@all"));
    }

    public static TestRedis start() {
        return start(BundledServer.Options.defaults());
    }

    /** With settings other than the durable ones, for instance {@code appendfsync} {@code everysec}. */
    public static TestRedis start(BundledServer.Options options) {
        try {
            return new TestRedis(Files.createTempDirectory(Files.createDirectories(FOLDER), "r"), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the node is given it: a user who may do what the queue needs. */
    public String uri() {
        return server.uri();
    }

    public int port() {
        return URI.create(uri()).getPort();
    }

    /** For {@code stop()}, {@code restart()} and its process id. */
    public BundledRedis server() {
        return server;
    }

    /** Kills it at once, as {@code kill -9} does; {@code server().restart()} brings it back. */
    public void kill() {
        long pid = server.pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        ServerProcesses.await(() -> !isAlive(pid), Duration.ofSeconds(10));
    }

    /** Answers nothing until {@link #thaw()}; connections stay. */
    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    /** One command by the almighty user, its answer as redis-cli --raw would show it; errors begin with "-". */
    public String ask(String... command) {
        return as(port(), ALMIGHTY, PASSWORD, command);
    }

    /** One command by the user of {@link #uri()}. */
    public String askAsNode(String... command) {
        return on(uri(), command);
    }

    /** One command by the user of a URI. */
    public static String on(String uri, String... command) {
        String[] userInfo = URI.create(uri).getUserInfo().split(":", 2);
        return as(URI.create(uri).getPort(), userInfo[0], userInfo[1], command);
    }

    /** Commands in one MULTI, words parted by spaces, by the user of {@link #uri()}. */
    public void transaction(String... commands) {
        String[] userInfo = URI.create(uri()).getUserInfo().split(":", 2);
        try (RawRedis redis = new RawRedis(port())) {
            require(redis.ask("AUTH", userInfo[0], userInfo[1]));
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

    static String as(int port, String user, String password, String... command) {
        try (RawRedis redis = new RawRedis(port)) {
            String login = user.isEmpty() ? "OK" : redis.ask("AUTH", user, password);
            return login.equals("OK") ? redis.ask(command) : login;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A zombie, which waits for a parent to notice, counts as dead. */
    static boolean isAlive(long pid) {
        try {
            Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        directory.close();
        try {
            KeptFiles.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
