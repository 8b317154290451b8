package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.rig.Await;
import dev.sluice.rig.Folders;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL and Redis of a test's own, nodes on them, each a process, on ports that outlive a restart, and a recorded
 * load. A test starts a node and the load, breaks something, waits until the load has seen it, mends it, and ends with
 * one of the {@code verify} methods. Every method blocks; one thread. At its end what is frozen thaws and all that it
 * started is gone.
 */
final class NodeRig implements AutoCloseable {

    /** For promises that a slow machine must not break: deadlines just below what a client takes for a hang. */
    static final String[] PATIENT = {"writer.deadlineMs=5000", "bus.deadlineMs=6500", "http.deadlineMs=7600"};

    static final int PATIENT_BUS_MS = 3_500;

    /** Longer than the defaults, so that a slow machine's sync is no outage of Redis. */
    static final List<String> PATIENT_OVERFLOW = List.of(
            "overflow.deadlineMs=2000",
            "bus.deadlineMs=" + PATIENT_BUS_MS,
            "http.deadlineMs=6000",
            "store.startWaitMs=30000");

    private static final long DRAIN_LIMIT_MS = 60_000;
    private static final long EXIT_LIMIT_SECONDS = 30;

    final TestPostgres postgres;
    final TestRedis redis;
    final RigOverflow overflow;
    final Place place = Place.free();
    private final String postgresUri;
    private final Path folder = Files.createTempDirectory("sluice-rig");
    private final List<NodeProcess> nodes = new ArrayList<>();
    private @Nullable Load load;

    /** Where a node is reached, and by which the overflow knows its drain. */
    record Place(int port, int adminPort) {

        static Place free() {
            return new Place(Ports.free(), Ports.free());
        }
    }

    private NodeRig(TestPostgres postgres, String postgresUri, TestRedis redis) throws IOException {
        this.postgres = postgres;
        this.postgresUri = postgresUri;
        this.redis = redis;
        this.overflow = new RigOverflow(redis);
    }

    /** The stores, and no node yet. */
    static NodeRig start() throws IOException {
        return on(TestRedis.start());
    }

    /** As {@link #start()}, on a Redis that goes with the rig. */
    static NodeRig on(TestRedis redis) throws IOException {
        TestPostgres postgres = TestPostgres.start();
        return new NodeRig(postgres, postgres.uri(), redis);
    }

    /** The stores and a patient node that sees both; more keys as {@code key=value}. */
    static NodeRig serving(String... sets) throws Exception {
        TestPostgres postgres = TestPostgres.start();
        return serving(postgres, postgres.uri(), sets);
    }

    /** As {@link #serving}, on a PostgreSQL that goes with the rig and that nodes reach by a URI of the test's choice. */
    static NodeRig serving(TestPostgres postgres, String postgresUri, String... sets) throws Exception {
        NodeRig rig = new NodeRig(postgres, postgresUri, TestRedis.start());
        boolean started = false;
        try {
            rig.serve(Stream.concat(PATIENT_OVERFLOW.stream(), Stream.of(sets)).toArray(String[]::new));
            Await.until("Redis", rig::nodeSeesRedis);
            started = true;
            return rig;
        } finally {
            if (!started) {
                rig.close();
            }
        }
    }

    /** A node at the rig's place, ready; with more keys as {@code key=value}. */
    NodeProcess serve(String... sets) throws Exception {
        return serve(place, Manner.USUAL, sets);
    }

    NodeProcess serve(Place at, Manner manner, String... sets) throws Exception {
        Stream<String> usual = Stream.of(
                "http.port=" + at.port(),
                "admin.port=" + at.adminPort(),
                "postgres.uri=" + postgresUri,
                "redis.uri=" + redis.uri());
        NodeProcess node = NodeProcess.serve(
                folder, manner, Stream.concat(usual, Stream.of(sets)).toArray(String[]::new));
        nodes.add(node);
        node.awaitReady();
        return node;
    }

    /** The first node. */
    NodeProcess node() {
        return nodes.get(0);
    }

    /** SIGKILL; returns when the load has seen it. */
    void kill(NodeProcess node) throws Exception {
        node.signal("KILL");
        node.awaitExit(EXIT_LIMIT_SECONDS);
        Load hurt = theLoad();
        hurt.await("the reset", () -> hurt.history.count(End.RESET) > 0);
    }

    /** Starts the load, which has seen PostgreSQL work when this returns; at the rig's place, or shared out over others. */
    Load load(Place... places) throws IOException {
        int[] ports = Stream.of(places).mapToInt(Place::port).toArray();
        Load started = Load.start(ports.length == 0 ? new int[] {place.port()} : ports);
        load = started;
        started.awaitMore(100, End.COMMITTED);
        return started;
    }

    private Load theLoad() {
        Load started = load;
        if (started == null) {
            throw new AssertionError("void: no load");
        }
        return started;
    }

    /** One order, beside the load's. */
    Reply post(String key) {
        try (OrderClient client = new OrderClient(place.port())) {
            return client.post(TestOrders.document(key, 1, "12.50"));
        }
    }

    /** A call of the admin port. */
    Reply admin(String method, String path) {
        try (OrderClient client = new OrderClient(place.adminPort())) {
            return client.send(method, path, null, new byte[0]);
        }
    }

    /** Whether the node at the rig's place says that Redis answers. */
    boolean nodeSeesRedis() {
        return admin("GET", "/admin/overflow").json().getBoolean("up");
    }

    /** The first thousand of them. */
    List<JsonObject> deadLetters() {
        JsonArray letters =
                admin("GET", "/admin/dead-letters?limit=1000").json().getJsonArray("deadLetters");
        return letters.stream().map(JsonObject.class::cast).toList();
    }

    /** How many orders are rows. */
    long rows() {
        return Long.parseLong(sqlText("select count(*)::text from orders"));
    }

    /** One statement by the owner of the cluster, on a connection of its own. */
    void sql(String statement) {
        TestPostgres.execute(postgres.uri(), statement);
    }

    /** The first column of the first row, as text. */
    String sqlText(String query) {
        return TestPostgres.queryText(postgres.uri(), query);
    }

    /** Ids of orders that are rows and queued too. */
    Set<String> storedAndQueued() {
        Set<String> ids = overflow.ids();
        Set<String> rows = new HashSet<>();
        TestPostgres.execute(postgres.uri(), "select id::text from orders").forEach(row -> rows.add(row.getString(0)));
        ids.retainAll(rows);
        return ids;
    }

    /** Waits for what must come, by the node's or a server's own doing. */
    void await(String what, Await.Condition condition) {
        explained(() -> Await.until(what, condition));
    }

    /** Waits for the state that the fault is about; a run that never gets there is void. */
    void awaitState(String what, Await.Condition condition) {
        explained(() -> Await.state(what, condition));
    }

    private void explained(Runnable wait) {
        try {
            wait.run();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + diagnosis(), e);
        }
    }

    private String diagnosis() {
        try {
            return admin("GET", "/admin/overflow").body() + "\n" + node().errors();
        } catch (Exception e) {
            return "the node does not answer: " + e;
        }
    }

    /** Waits until nothing is queued and nothing pending; dead letters may be left. */
    void awaitDrained() {
        if (!Await.comes(DRAIN_LIMIT_MS, overflow::isDrained)) {
            throw new AssertionError("not drained: " + overflow.described());
        }
    }

    /** Stops the load, waits for the drain, and holds every answer against the stores. */
    void verify() throws Exception {
        theLoad().stop();
        awaitDrained();
        theLoad().verify(postgres.uri(), redis.uri());
    }

    /** As {@link #verify()}; besides, the load had none of these ends. */
    void verifyWithout(End... ends) throws Exception {
        verify();
        History history = theLoad().history;
        assertEquals(0, history.count(ends), () -> "one of " + List.of(ends) + ": " + history.summary());
    }

    /** As {@link #verify()}; besides, no client was refused, kept waiting or cut off. */
    void verifyUnhurt() throws Exception {
        verifyWithout(End.NOT_STORED, End.UNKNOWN, End.RESET, End.HANG, End.STRANGE);
    }

    /** As {@link #verify()}; besides, the fault is behind the node, and so every client is answered. */
    void verifyAnswered() throws Exception {
        verifyWithout(End.RESET, End.HANG);
    }

    /** As {@link #verifyAnswered()}; besides, Redis was there all the time and no order did wrong: no 503, none is dead. */
    void verifyAllAcknowledged() throws Exception {
        verifyAnswered();
        History history = theLoad().history;
        assertTrue(history.count(End.REFUSED) == 0, "an outage is no order's fault");
        assertEquals(List.of(), history.spared(), () -> "Redis took it all; " + history.summary());
        List<String> condemned = deadLetters().stream()
                .map(letter -> letter.getString("reason"))
                .filter(reason -> !reason.startsWith("client_order_id_reused"))
                .toList();
        assertEquals(List.of(), condemned, "an outage makes no dead letter");
    }

    @Override
    public void close() throws IOException {
        try (redis;
                postgres) {
            if (load != null) {
                load.close();
            }
            if (postgres.isRunning()) {
                postgres.thaw();
            }
            if (redis.isAlive()) {
                redis.thaw();
            }
            nodes.forEach(NodeProcess::close);
        } finally {
            Folders.deleteTree(folder);
        }
    }
}
