package dev.sluice.rig;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Debian's PostgreSQL 15 in a folder of its own, with a password (SCRAM), on a port of its own. Blocks; one thread. */
public final class DebianPostgres implements AutoCloseable {

    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");
    private static final String PASSWORD = "secret";

    private final Path folder;
    private final int port = Ports.free();

    private DebianPostgres(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts one; skips the test where there is none.
     *
     * @param locale of the cluster, which the machine must know
     * @param settings {@code name=value} each
     */
    public static DebianPostgres start(String locale, String... settings) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAMS.resolve("initdb")), "no PostgreSQL 15: apt-get install postgresql-15");
        DebianPostgres server = new DebianPostgres(Files.createTempDirectory("sluice-pg15"));
        Path password = Files.writeString(server.folder.resolve("password"), PASSWORD + "\n");
        String complaint = server.complaint(
                "initdb",
                "--pgdata=" + server.cluster(),
                "--username=sluice",
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=" + locale);
        assumeTrue(!complaint.contains("invalid locale"), "no locale " + locale + ": apt-get install locales-all");
        require(complaint);
        server.launch(settings);
        return server;
    }

    private void launch(String... settings) throws IOException {
        List<String> lines = new ArrayList<>(
                List.of("port=" + port, "listen_addresses='127.0.0.1'", "unix_socket_directories='" + folder + "'"));
        lines.addAll(Arrays.asList(settings));
        Files.writeString(cluster().resolve("postgresql.auto.conf"), String.join("\n", lines) + "\n");
        restart();
    }

    /** Starts it again where it was stopped. */
    public void restart() {
        require(complaint("pg_ctl", "start", "--wait", "--pgdata=" + cluster(), "--log=" + folder.resolve("log")));
    }

    /** At once, as a crash. */
    public void kill() {
        require(complaint("pg_ctl", "stop", "--wait", "--pgdata=" + cluster(), "--mode=immediate"));
    }

    private Path cluster() {
        return folder.resolve("cluster");
    }

    private String complaint(String program, String... arguments) {
        List<String> command = new ArrayList<>(
                System.getProperty("user.name").equals("root") ? List.of("unshare", "-U", "--") : List.of());
        command.add(PROGRAMS.resolve(program).toString());
        command.addAll(Arrays.asList(arguments));
        return Commands.complaint(command.toArray(String[]::new));
    }

    private static void require(String complaint) {
        if (!complaint.isEmpty()) {
            throw new AssertionError(complaint);
        }
    }

    /** As the superuser. */
    public String uri() {
        return uri("sluice", PASSWORD, "127.0.0.1");
    }

    public String uri(String user, String password, String host) {
        return "postgresql://" + user + ":" + password + "@" + host + ":" + port + "/postgres";
    }

    @Override
    public void close() {
        complaint("pg_ctl", "stop", "--wait", "--pgdata=" + cluster(), "--mode=immediate");
        Folders.deleteTree(folder);
    }
}
