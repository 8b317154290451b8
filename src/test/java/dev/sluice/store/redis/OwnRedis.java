package dev.sluice.store.redis;

import dev.sluice.embedded.RawRedis;
import dev.sluice.fault.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Redis of a test's own, on loopback and a free port with a password and safe settings, to be killed, frozen and
 * restarted. The bundled one, or the program that SLUICE_TEST_REDIS names, which may be a newer Redis or a Valkey.
 */
public final class OwnRedis implements AutoCloseable {

    private static final String PASSWORD = "own-redis";
    private static final long LIMIT_SECONDS = 20;
    private static final Path BINARY = program();

    private final Path folder;
    private final int port;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private Process process;

    private OwnRedis(Map<String, String> changes) throws IOException {
        folder = Files.createTempDirectory("sluice-own-redis");
        port = freePort();
        settings.put("bind", "127.0.0.1");
        settings.put("port", Integer.toString(port));
        settings.put("dir", folder.toString());
        settings.put("requirepass", PASSWORD);
        settings.put("save", "");
        settings.put("appendonly", "yes");
        settings.put("appendfsync", "always");
        settings.put("maxmemory", "128mb");
        settings.put("maxmemory-policy", "noeviction");
        settings.putAll(changes);
        launch();
    }

    public static OwnRedis start() throws IOException {
        return start(Map.of());
    }

    /** With some settings of {@code redis.conf} other than the safe ones. */
    public static OwnRedis start(Map<String, String> changes) throws IOException {
        return new OwnRedis(changes);
    }

    private static Path program() {
        String other = System.getenv("SLUICE_TEST_REDIS");
        return other == null || other.isBlank() ? unpack() : Path.of(other);
    }

    private static Path unpack() {
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String name = "/redis-server-7.0.15-linux-" + arch;
        try (InputStream binary = OwnRedis.class.getResourceAsStream(name)) {
            Path file = Files.createTempFile("sluice-redis-server", "");
            file.toFile().deleteOnExit();
            Files.write(file, binary.readAllBytes());
            if (!file.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + file + " executable");
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(BINARY.toString()));
        settings.forEach((name, value) -> command.addAll(List.of("--" + name, value)));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - giveUp > 0) {
                throw new AssertionError("Redis does not start: " + Files.readString(folder.resolve("log")));
            }
        }
    }

    private boolean answers() {
        try {
            return command("PING").equals("PONG");
        } catch (UncheckedIOException notYet) {
            pause();
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether it tells of its syncs, as Redis does from 7.2 on. */
    public boolean hasWaitAof() {
        return !command("COMMAND", "INFO", "WAITAOF").isEmpty();
    }

    public String uri() {
        return "redis://:" + PASSWORD + "@127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP. */
    public void freeze() {
        Signals.send("STOP", List.of(process.pid()));
    }

    public void thaw() {
        Signals.send("CONT", List.of(process.pid()));
    }

    /** SIGKILL, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("Redis does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** On the same port, with what is on the disk. */
    public void restart() throws IOException {
        kill();
        launch();
    }

    /** What a failover to a server that has nothing looks like. */
    public void restartEmpty() throws IOException {
        kill();
        deleteTree(folder.resolve("appendonlydir"));
        launch();
    }

    /** Sends a command on a connection of its own; arrays come back one element a line. */
    public String command(String... words) {
        try (RawRedis redis = new RawRedis(port)) {
            redis.ask("AUTH", PASSWORD);
            String answer = redis.ask(words);
            if (answer.startsWith("-")) {
                throw new IOException(answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        deleteTree(folder);
    }

    private static void deleteTree(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                if (!file.toFile().delete()) {
                    throw new AssertionError("cannot delete " + file);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
