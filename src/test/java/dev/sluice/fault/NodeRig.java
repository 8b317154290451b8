package dev.sluice.fault;

import dev.sluice.rig.Await;
import dev.sluice.rig.Folders;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;

/**
 * PostgreSQL and Redis of a test's own, and nodes on them, each a process, on ports that outlive a restart. Every method
 * blocks; one thread. At its end what is frozen thaws and all that it started is gone.
 */
final class NodeRig implements AutoCloseable {

    /** For promises that a slow machine must not break: deadlines just below what a client takes for a hang. */
    static final String[] PATIENT = {"writer.deadlineMs=5000", "bus.deadlineMs=6500", "http.deadlineMs=7600"};

    private static final String STREAM = "sluice:{0}:stream";
    private static final String ORDERS = "sluice:{0}:orders";
    private static final long DRAIN_LIMIT_MS = 60_000;

    final TestPostgres postgres;
    final TestRedis redis = TestRedis.start();
    final Place place = Place.free();
    private final String postgresUri;
    private final Path folder = Files.createTempDirectory("sluice-rig");
    private final List<NodeProcess> nodes = new ArrayList<>();
    private boolean postgresFrozen;
    private boolean redisFrozen;

    /** Where a node is reached, and by which the overflow knows its drain. */
    record Place(int port, int adminPort) {

        static Place free() {
            return new Place(Ports.free(), Ports.free());
        }
    }

    private NodeRig(TestPostgres postgres, String postgresUri) throws IOException {
        this.postgres = postgres;
        this.postgresUri = postgresUri;
    }

    static NodeRig start() throws IOException {
        TestPostgres postgres = TestPostgres.start();
        return on(postgres, postgres.uri());
    }

    /** On a PostgreSQL that goes with the rig and that nodes reach by a URI of the test's choice. */
    static NodeRig on(TestPostgres postgres, String postgresUri) throws IOException {
        return new NodeRig(postgres, postgresUri);
    }

    /** A node at the rig's place, ready; with more keys as {@code key=value}. */
    NodeProcess serve(String... sets) throws Exception {
        return serve(place, Manner.USUAL, sets);
    }

    NodeProcess serve(Place at, Manner manner, String... sets) throws Exception {
        NodeProcess node = launch(at, manner, sets);
        node.awaitReady();
        return node;
    }

    /** As {@link #serve}, not yet ready. */
    NodeProcess launch(Place at, Manner manner, String... sets) throws Exception {
        List<String> verb = new ArrayList<>(List.of("serve"));
        verb.addAll(List.of("--http-port", Integer.toString(at.port())));
        verb.addAll(List.of("--admin-port", Integer.toString(at.adminPort())));
        verb.addAll(List.of("--set", "postgres.uri=" + postgresUri, "--set", "redis.uri=" + redis.uri()));
        for (String set : sets) {
            verb.addAll(List.of("--set", set));
        }
        NodeProcess node = NodeProcess.run(folder, manner, verb.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    /** The tests' class path, with each folder packed into a jar. */
    String classPathOfJars() {
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        List<String> path = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!element.isEmpty() && Files.isDirectory(Path.of(element))) {
                String file = folder.resolve(path.size() + ".jar").toString();
                if (jar.run(System.err, System.err, "--create", "--file", file, "-C", element, ".") != 0) {
                    throw new AssertionError("cannot pack " + element);
                }
                path.add(file);
            } else {
                path.add(element);
            }
        }
        return String.join(File.pathSeparator, path);
    }

    Load load() throws IOException {
        return Load.start(place.port());
    }

    void freezePostgres() {
        postgresFrozen = true;
        postgres.freeze();
    }

    void thawPostgres() {
        postgres.thaw();
        postgresFrozen = false;
    }

    void freezeRedis() {
        redisFrozen = true;
        redis.freeze();
    }

    void thawRedis() {
        redis.thaw();
        redisFrozen = false;
    }

    /** Whether the node at the rig's place says that Redis answers. */
    boolean nodeSeesRedis() {
        try (OrderClient admin = new OrderClient(place.adminPort())) {
            return admin.get("/admin/overflow").json().getBoolean("up");
        }
    }

    /** Orders in the overflow now. */
    long queued() {
        return Long.parseLong(redis.ask("HLEN", ORDERS));
    }

    /** Entries that some drain read and did not settle. */
    long pending() {
        String summary = redis.ask("XPENDING", STREAM, "drain");
        return summary.startsWith("-")
                ? 0
                : Long.parseLong(summary.lines().findFirst().orElse("0"));
    }

    /** Ids of orders that are rows and queued too. */
    Set<String> storedAndQueued() {
        Set<String> ids = new HashSet<>(redis.ask("HKEYS", ORDERS).lines().toList());
        Set<String> rows = new HashSet<>();
        TestPostgres.execute(postgres.uri(), "select id::text from orders").forEach(row -> rows.add(row.getString(0)));
        ids.retainAll(rows);
        return ids;
    }

    /** From now on Redis takes only so many bytes more. */
    void fillRedisAfter(long bytes) {
        long used = Long.parseLong(redis.ask("INFO", "memory").replaceFirst("(?s).*used_memory:(\\d+).*", "$1"));
        String answer = redis.ask("CONFIG", "SET", "maxmemory", Long.toString(used + bytes));
        if (!answer.equals("OK")) {
            throw new AssertionError(answer);
        }
    }

    /** Waits until nothing is queued and nothing pending. */
    void awaitDrained() {
        if (!Await.comes(
                DRAIN_LIMIT_MS, () -> queued() == 0 && redis.ask("XLEN", STREAM).equals("0") && pending() == 0)) {
            throw new AssertionError("not drained: " + queued() + " orders, " + redis.ask("XLEN", STREAM) + " entries, "
                    + pending() + " pending");
        }
    }

    /** Stops the load, waits for the drain, and holds every answer against the stores. */
    void verify(Load load) throws Exception {
        load.stop();
        awaitDrained();
        load.verify(postgres.uri(), redis.uri());
    }

    @Override
    public void close() {
        if (postgresFrozen) {
            thawPostgres();
        }
        if (redisFrozen) {
            thawRedis();
        }
        try {
            nodes.forEach(NodeProcess::close);
        } finally {
            redis.close();
            postgres.close();
            Folders.deleteTree(folder);
        }
    }
}
