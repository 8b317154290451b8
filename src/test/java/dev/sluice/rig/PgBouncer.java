package dev.sluice.rig;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Debian's PgBouncer before a PostgreSQL, on a port of its own. */
public final class PgBouncer implements AutoCloseable {

    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));

    private final Process process;
    private final Path folder;
    private final int port;
    private final String target;

    private PgBouncer(Process process, Path folder, int port, String target) {
        this.process = process;
        this.folder = folder;
        this.port = port;
        this.target = target;
    }

    /** Skips the test where there is none; more settings as {@code key = value}. */
    public static PgBouncer start(String postgresUri, String... settings) throws Exception {
        Path program = PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElse(null);
        assumeTrue(program != null, "no pgbouncer here: apt-get install pgbouncer");
        int port = Ports.free();
        Path folder = Files.createTempDirectory("sluice-pgbouncer");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file = folder.resolve("pgbouncer.ini");
        Files.writeString(file, configuration(URI.create(postgresUri), port, settings));
        ProcessBuilder command = new ProcessBuilder(program.toString(), file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        PgBouncer pooler = new PgBouncer(command.start(), folder, port, postgresUri);
        Await.until("pgbouncer " + pooler.log(), pooler::listens);
        return pooler;
    }

    private static String configuration(URI target, int port, String... settings) {
        String[] login = target.getUserInfo().split(":", 2);
        String server = "host=" + target.getHost() + " port=" + target.getPort() + " user=" + login[0] + " password="
                + login[1];
        Stream<String> lines = Stream.of(
                "[databases]",
                "* = " + server,
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                "listen_port = " + port,
                "unix_socket_dir =",
                "auth_type = any",
                "user = daemon");
        return String.join("\n", Stream.concat(lines, Stream.of(settings)).toList()) + "\n";
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The server's URI, by way of the pooler. */
    public String uri() {
        return Ports.moved(target, port);
    }

    /** All that it said. */
    public String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        Folders.deleteTree(folder);
    }
}
