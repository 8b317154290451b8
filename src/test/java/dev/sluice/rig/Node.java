package dev.sluice.rig;

import dev.sluice.config.LoadedConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.node.Server;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A whole node in this JVM, on ports of its own. Every method blocks, also {@link #close}, which stops it. */
public final class Node implements AutoCloseable {

    private static final AtomicInteger KEYS = new AtomicInteger();

    private final Metrics metrics = Metrics.on("test");
    private final SluiceConfig config;
    private final String database;
    private final Server server;

    private Node(SluiceConfig config, String database) {
        this.config = config;
        this.database = database;
        server = Server.of(new LoadedConfig(config, List.of(), List.of()), metrics, "test");
        Await.result(server.start());
    }

    /** On a database, with more keys as {@code key=value}; its deadlines allow for a busy machine. */
    public static Node start(String postgresUri, String... sets) {
        Stream<String> patient = Stream.of(
                "http.port=0",
                "admin.port=0",
                "writer.deadlineMs=3000",
                "bus.deadlineMs=4000",
                "node.warmUpMs=0",
                "postgres.uri=" + postgresUri);
        return new Node(SluiceConfig.of(Stream.concat(patient, Stream.of(sets)).toArray(String[]::new)), postgresUri);
    }

    /** The same with deadlines for requests of so many orders that a busy machine takes its time. */
    public static Node startForBulk(String postgresUri) {
        return start(postgresUri, "writer.deadlineMs=8000", "bus.deadlineMs=9000", "http.deadlineMs=20000");
    }

    /** A client order id that no other test of this JVM uses. */
    public static String key() {
        return "k-" + KEYS.incrementAndGet();
    }

    public int port() {
        return server.httpPort();
    }

    public int adminPort() {
        return server.adminPort();
    }

    public OrderClient client() {
        return new OrderClient(server.httpPort());
    }

    public OrderClient admin() {
        return new OrderClient(server.adminPort());
    }

    public SluiceConfig config() {
        return config;
    }

    public Server server() {
        return server;
    }

    public Metrics metrics() {
        return metrics;
    }

    /** Rows whose client order id is like that. */
    public String rows(String keyLike) {
        return TestPostgres.queryText(
                database, "select count(*)::text from orders where client_order_id like '" + keyLike + "'");
    }

    /** The URI of its database. */
    public String database() {
        return database;
    }

    /** A series as {@code /metrics} shows it; where no labels are given, the sum over all of them. */
    public double metric(String series) {
        try (OrderClient admin = admin()) {
            return admin.get("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(series + " ") || line.startsWith(series + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .reduce(Double::sum)
                    .orElseThrow(() -> new AssertionError("no series " + series));
        }
    }

    /** Returns when it has stopped; a second time is no error. */
    public void stop() {
        Await.result(server.stop());
    }

    @Override
    public void close() {
        stop();
        metrics.close();
    }
}
