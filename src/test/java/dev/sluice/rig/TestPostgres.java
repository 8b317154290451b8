package dev.sluice.rig;

import dev.sluice.embedded.BundledPostgres;
import dev.sluice.embedded.BundledServer;
import dev.sluice.embedded.BundledServerException;
import dev.sluice.embedded.DataDirectory;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL with durable settings, whose role may do everything: tests put the server into bad states. All tests of a JVM share one server, started at first use under {@code
 * target/test-postgres}, on which each takes a {@link #freshDatabase()}. A test that stops, kills or freezes its server
 * starts one of its own, one at a time, as all of these have the same port. Every method blocks; any thread.
 */
public final class TestPostgres implements AutoCloseable {

    private static final Path FOLDER = Path.of("target", "test-postgres");
    private static final int JVMS_MAX = 16;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final Path folder;
    private final DataDirectory directory;
    private final BundledPostgres server;
    private boolean frozen;

    private TestPostgres(Path folder, BundledServer.Options options) throws IOException {
        this.folder = folder;
        directory = DataDirectory.open(folder);
        seed(folder);
        server = BundledPostgres.start(directory, options);
    }

    /** A server of the test's own. */
    public static TestPostgres start() throws IOException {
        return start(BundledServer.Options.defaults());
    }

    public static TestPostgres start(BundledServer.Options options) throws IOException {
        return new TestPostgres(Files.createTempDirectory("sluice-own-postgres"), options);
    }

    /** On a disk of the test's choice; the folder goes with the server. */
    public static TestPostgres startIn(Path folder) throws IOException {
        return new TestPostgres(Files.createDirectories(folder), BundledServer.Options.defaults());
    }

    /** Creates an empty database on the shared server and returns its URI; about 30 ms. It goes with the server. */
    public static String freshDatabase() {
        String name =
                "test_" + ProcessHandle.current().pid() + "_" + System.nanoTime() + "_" + DATABASES.incrementAndGet();
        String uri = Shared.SERVER.uri();
        String server = uri.substring(0, uri.lastIndexOf('/') + 1);
        execute(server + "postgres", "create database " + name);
        return server + name;
    }

    /** Runs one statement on a connection of its own. */
    public static RowSet<Row> execute(String uri, String sql) {
        try {
            return Await.result(PgConnection.connect(Shared.VERTX, PgConnectOptions.fromUri(uri))
                    .compose(connection -> connection.query(sql).execute().eventually(connection::close)));
        } catch (RuntimeException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of the first row, as text. */
    public static String queryText(String uri, String sql) {
        return String.valueOf(execute(uri, sql).iterator().next().getValue(0));
    }

    /**
     * Fills a data directory with the stopped result of a first start, which saves a test of later starts two seconds:
     * the cluster copied, the binaries linked. All have the same port: run one at a time.
     */
    public static void seed(Path dataDir) throws IOException {
        Path home = dataDir.resolve("postgres");
        Folders.copyTree(Template.HOME, home);
        linkBinaries(home);
    }

    private static void linkBinaries(Path home) throws IOException {
        Path binaries = binaries(sharedHome());
        Files.createSymbolicLink(home.resolve(binaries.getFileName()), binaries.toAbsolutePath());
    }

    private static Path binaries(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(file -> file.getFileName().toString().matches("binaries-[0-9.]+"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A server of this data directory whose role {@code sluice} is a superuser: only a stopped one can be told so. */
    private static BundledPostgres startAsSuperuser(DataDirectory directory) {
        BundledPostgres server = BundledPostgres.start(directory, BundledServer.Options.defaults());
        server.stop();
        Path home = directory.path().resolve("postgres");
        sql(home, "alter role sluice superuser");
        server.restart();
        return server;
    }

    /** Runs a statement as the superuser of a stopped server. */
    public static void sql(Path home, String sql) {
        List<String> command = new ArrayList<>(
                System.getProperty("user.name").equals("root") ? List.of("unshare", "-U", "--") : List.of());
        command.addAll(List.of("bash", "-c", "exec \"$0\" --single -j -D \"$1\" postgres <<< \"$2\""));
        try {
            command.add(binaries(home).resolve("bin/postgres").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command.addAll(List.of(home.resolve("cluster").toString(), sql));
        Commands.run(command.toArray(String[]::new));
    }

    private static Path sharedHome() {
        return Shared.DIRECTORY.path().resolve("postgres");
    }

    public String uri() {
        return server.uri();
    }

    public void stop() {
        server.stop();
    }

    public void restart() {
        server.restart();
    }

    /** As a hot standby, which answers and takes no writes until {@code pg_promote()}. */
    public void restartAsStandby() throws IOException {
        stop();
        Files.createFile(folder.resolve("postgres/cluster/standby.signal"));
        restart();
    }

    /** The postmaster's. */
    public long pid() {
        return server.pid();
    }

    /** Whether there is a postmaster. */
    public boolean isRunning() {
        try {
            return server.pid() > 0;
        } catch (BundledServerException none) {
            return false;
        }
    }

    /** All that it said. */
    public String log() throws IOException {
        return Files.readString(server.logFile());
    }

    /** SIGKILL of the postmaster; its children notice and leave. */
    public void kill() {
        ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
    }

    /** SIGSTOP to every process of it. */
    public void freeze() {
        frozen = true;
        Commands.signal("STOP", pids(server.pid()));
    }

    public void thaw() {
        frozen = false;
        Commands.signal("CONT", pids(server.pid()));
    }

    /** A postmaster and its children. */
    public static List<Long> pids(long postmasterPid) {
        ProcessHandle postmaster = ProcessHandle.of(postmasterPid).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public void close() {
        if (frozen && isRunning()) {
            thaw();
        }
        server.close();
        directory.close();
        Folders.deleteTree(folder);
    }

    /** Holder: made by its first reader. */
    private static final class Template {

        static final Path HOME = make();

        private static Path make() {
            Path folder = sharedHome().resolveSibling("template");
            try {
                if (Files.exists(folder)) {
                    Folders.deleteTree(folder);
                }
                Path home = Files.createDirectories(folder.resolve("postgres"));
                linkBinaries(home);
                try (DataDirectory directory = DataDirectory.open(folder)) {
                    startAsSuperuser(directory).close();
                }
                return home;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Holder: started by its first reader. */
    private static final class Shared {

        static final Vertx VERTX = Vertx.vertx();
        static final DataDirectory DIRECTORY = firstFree();
        static final BundledPostgres SERVER = startAsSuperuser(DIRECTORY);

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(Shared::stop, "stop-test-postgres"));
        }

        private static DataDirectory firstFree() {
            for (int i = 1; i < JVMS_MAX; i++) {
                try {
                    return DataDirectory.open(FOLDER.resolve(Integer.toString(i)));
                } catch (BundledServerException e) {
                    if (!String.valueOf(e.getMessage()).contains("in use")) {
                        throw e;
                    }
                }
            }
            return DataDirectory.open(FOLDER.resolve(Integer.toString(JVMS_MAX)));
        }

        /** The binaries stay for the next run, the databases go. */
        private static void stop() {
            SERVER.close();
            try {
                Path cluster = sharedHome().resolve("cluster");
                Path gone = cluster.resolveSibling("cluster.gone");
                if (Files.exists(gone)) {
                    Folders.deleteTree(gone);
                }
                Files.move(cluster, gone); // a JVM that is killed while it deletes leaves no half of it behind
                Folders.deleteTree(gone);
            } catch (IOException e) {
                System.err.println("cannot delete the test databases: " + e);
            }
            DIRECTORY.close();
        }
    }
}
