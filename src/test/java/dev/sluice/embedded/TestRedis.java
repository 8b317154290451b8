package dev.sluice.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A real Redis of a test's own, in a folder under {@code target/test-redis} that goes with it: durable settings, about
 * a tenth of a second to start. {@link #ask} is a user who may do everything, for what a test wants to break. Every
 * method blocks; one thread.
 */
public final class TestRedis implements AutoCloseable {

    private static final Path FOLDER = Path.of("target", "test-redis");
    private static final String ALMIGHTY = "tester";
    private static final String PASSWORD = "tester";
    private static final int ANSWER_LIMIT_MS = 10_000;

    private final Path folder;
    private final DataDirectory directory;
    private final BundledRedis server;

    private TestRedis(Path folder, BundledRedis.Options options) {
        this.folder = folder;
        directory = DataDirectory.open(folder);
        server = BundledRedis.start(directory, options.with("user " + ALMIGHTY, "on >" + PASSWORD + " ~* &* +@all"));
    }

    public static TestRedis start() {
        return start(BundledRedis.Options.defaults());
    }

    /** With settings other than the durable ones, for instance {@code appendfsync} {@code everysec}. */
    public static TestRedis start(BundledRedis.Options options) {
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
        try (Socket socket = connect(port())) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            send(out, "AUTH", userInfo[0], userInfo[1]);
            send(out, "MULTI");
            for (String command : commands) {
                send(out, command.split(" ", -1));
            }
            send(out, "EXEC");
            for (int i = 0; i < commands.length + 3; i++) {
                String answer = read(in);
                if (answer.startsWith("-")) {
                    throw new IllegalStateException(answer);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setSoTimeout(ANSWER_LIMIT_MS);
        return socket;
    }

    static String as(int port, String user, String password, String... command) {
        try (Socket socket = connect(port)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            if (!user.isEmpty()) {
                send(socket.getOutputStream(), "AUTH", user, password);
                String answer = read(in);
                if (!answer.equals("OK")) {
                    return answer;
                }
            }
            send(socket.getOutputStream(), command);
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(OutputStream out, String... command) throws IOException {
        StringBuilder text = new StringBuilder("*" + command.length + "\r\n");
        for (String part : command) {
            int bytes = part.getBytes(StandardCharsets.UTF_8).length;
            text.append('$').append(bytes).append("\r\n").append(part).append("\r\n");
        }
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String read(InputStream in) throws IOException {
        String line = line(in);
        String rest = line.isEmpty() ? "" : line.substring(1);
        return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
            case '+', ':' -> rest;
            case '$' -> bulk(in, Integer.parseInt(rest));
            case '*' -> array(in, Integer.parseInt(rest));
            default -> line;
        };
    }

    private static String bulk(InputStream in, int bytes) throws IOException {
        if (bytes < 0) {
            return "";
        }
        String text = new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
        in.readNBytes(2);
        return text;
    }

    private static String array(InputStream in, int size) throws IOException {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            parts.add(read(in));
        }
        return String.join("\n", parts);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
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
