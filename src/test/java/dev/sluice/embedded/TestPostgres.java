package dev.sluice.embedded;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One real PostgreSQL for all tests of a JVM: durable settings, started at first use, stopped with the JVM, under
 * {@code target/test-postgres}.
 *
 * <p>A test takes a {@link #freshDatabase()} and shares nothing with its neighbours. A test that stops or freezes its
 * server starts one of its own with {@link BundledPostgres}. Every method blocks; any thread.
 */
public final class TestPostgres {

    private static final Path FOLDER = Path.of("target", "test-postgres");
    private static final String BINARIES = "binaries-" + PostgresBinaries.VERSION;
    private static final int JVMS_MAX = 16;
    private static final long SQL_LIMIT_SECONDS = 30;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestPostgres() {}

    /** The shared server. Do not stop it: others use it. */
    public static BundledPostgres shared() {
        return Shared.SERVER;
    }

    /** Creates an empty database and returns its URI; about 30 ms. It goes with the server. */
    public static String freshDatabase() {
        String name =
                "test_" + ProcessHandle.current().pid() + "_" + System.nanoTime() + "_" + DATABASES.incrementAndGet();
        execute(uriOf("postgres"), "create database " + name);
        return uriOf(name);
    }

    /** Runs one statement on a connection of its own; fails after {@value #SQL_LIMIT_SECONDS} s. */
    public static RowSet<Row> execute(String uri, String sql) {
        try {
            return PgConnection.connect(Shared.VERTX, PgConnectOptions.fromUri(uri))
                    .compose(connection -> connection.query(sql).execute().eventually(connection::close))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(SQL_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
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
        copyTree(Template.HOME, home);
        Files.createSymbolicLink(home.resolve(BINARIES), sharedHome().resolve(BINARIES));
    }

    /** Attributes go with the files; links are left out. */
    static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (!Files.isSymbolicLink(path)) {
                    Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static Path sharedHome() {
        shared();
        return Shared.DIRECTORY.path().resolve("postgres");
    }

    private static String uriOf(String database) {
        String uri = shared().uri();
        return uri.substring(0, uri.lastIndexOf('/') + 1) + database;
    }

    /** Holder: made by its first reader. */
    private static final class Template {

        static final Path HOME = make();

        private static Path make() {
            Path folder = sharedHome().resolveSibling("template");
            try {
                KeptFiles.deleteTree(folder);
                Path home = Files.createDirectories(folder.resolve("postgres"));
                Files.createSymbolicLink(home.resolve(BINARIES), sharedHome().resolve(BINARIES));
                try (DataDirectory directory = DataDirectory.open(folder)) {
                    BundledPostgres.start(directory, BundledServer.Options.defaults())
                            .close();
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
        static final BundledPostgres SERVER = BundledPostgres.start(DIRECTORY, BundledServer.Options.defaults());

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
                Path cluster = PostgresCluster.folder(DIRECTORY.path().resolve("postgres"));
                Path gone = cluster.resolveSibling("cluster.gone");
                KeptFiles.deleteTree(gone);
                Files.move(cluster, gone); // whoever is killed while deleting leaves no half of it behind
                KeptFiles.deleteTree(gone);
            } catch (IOException e) {
                System.err.println("cannot delete the test databases: " + e);
            }
            DIRECTORY.close();
        }
    }
}
