package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.embedded.TestPostgres;
import dev.sluice.embedded.TestRedis;
import dev.sluice.fault.History.End;
import dev.sluice.http.RawClient;
import dev.sluice.http.RawClient.Response;
import dev.sluice.store.TestOrders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a fault is injected into: a node in a process of its own with its overflow on, a PostgreSQL and a Redis that a
 * test may break, and, once asked for, a recorded load. A test breaks something, waits until the load has seen it, mends
 * it, and ends with {@link #verify()}. Every method blocks; one thread.
 *
 * <p>The deadlines are longer than the defaults, so that a slow machine's sync is no outage of Redis.
 */
final class FaultRig implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;
    private static final List<String> PATIENT = List.of(
            "overflow.deadlineMs=2000", "bus.deadlineMs=3500", "http.deadlineMs=6000", "store.startWaitMs=30000");

    final OwnPostgres postgres;
    final TestRedis redis;
    final NodeProcess node;
    private final NodeProcess.Ready ready;
    private final Deque<Closeable> owned;
    private @Nullable Load load;

    private FaultRig(Deque<Closeable> owned, OwnPostgres postgres, TestRedis redis, NodeProcess node) throws Exception {
        this.owned = owned;
        this.postgres = postgres;
        this.redis = redis;
        this.node = node;
        this.ready = node.awaitReady();
    }

    /** A node on a PostgreSQL and a Redis of its own; settings as {@code --set} takes them. */
    static FaultRig start(String... settings) throws Exception {
        OwnPostgres postgres = OwnPostgres.start();
        return on(postgres, postgres.uri(), settings);
    }

    /** A node that reaches that PostgreSQL, which goes with the rig, by a URI of the test's choice. */
    static FaultRig on(OwnPostgres postgres, String nodeUri, String... settings) throws Exception {
        Deque<Closeable> owned = new ArrayDeque<>(List.of(postgres::close));
        boolean started = false;
        try {
            Path folder = Files.createTempDirectory("sluice-fault");
            owned.push(() -> OwnPostgres.deleteTree(folder));
            TestRedis redis = TestRedis.start();
            owned.push(redis::close);
            NodeProcess node = NodeProcess.run(folder, verb(nodeUri, redis.uri(), settings));
            owned.push(node::close);
            FaultRig rig = new FaultRig(owned, postgres, redis, node);
            rig.await("Redis", () -> rig.overflow().getBoolean("up"));
            started = true;
            return rig;
        } finally {
            if (!started) {
                closeAll(owned);
            }
        }
    }

    private static String[] verb(String postgresUri, String redisUri, String... settings) {
        List<String> sets = new ArrayList<>(List.of("postgres.uri=" + postgresUri, "redis.uri=" + redisUri));
        sets.addAll(PATIENT);
        sets.addAll(List.of(settings));
        List<String> verb = new ArrayList<>(List.of("serve", "--http-port", "0", "--admin-port", "0"));
        sets.forEach(set -> verb.addAll(List.of("--set", set)));
        return verb.toArray(String[]::new);
    }

    /** Starts the load, which has seen PostgreSQL work when this returns. */
    Load load() throws Exception {
        Load started = Load.start(ready.port());
        owned.push(started::close);
        load = started;
        started.awaitMore(200, End.COMMITTED);
        return started;
    }

    int port() {
        return ready.port();
    }

    /** One order, beside the load's. */
    Response post(String key) throws Exception {
        try (RawClient client = new RawClient(ready.port())) {
            return client.post(TestOrders.document(key, 1, "12.50"));
        }
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

    /** What {@code GET /admin/overflow} says. */
    JsonObject overflow() throws Exception {
        return admin("GET", "/admin/overflow").json();
    }

    /** A call of the admin port. */
    Response admin(String method, String path) throws Exception {
        try (RawClient client = new RawClient(ready.adminPort())) {
            client.send(method + " " + path + " HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n", new byte[0]);
            return client.receive();
        }
    }

    /** What a test waits for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits for what must come, by the node's or a server's own doing. */
    void await(String what, Condition condition) throws Exception {
        awaitOr("never came: " + what, condition);
    }

    /** Waits for the state that the fault is about; a run that never gets there is void. */
    void awaitState(String what, Condition condition) throws Exception {
        awaitOr("void: the fault never made " + what, condition);
    }

    private void awaitOr(String otherwise, Condition condition) throws Exception {
        for (long began = System.nanoTime(); !condition.holds(); Thread.sleep(20)) {
            assertTrue(
                    System.nanoTime() - began < TimeUnit.SECONDS.toNanos(LIMIT_SECONDS),
                    () -> otherwise + "\n" + diagnosis());
        }
    }

    private String diagnosis() {
        try {
            return overflow() + "\n" + node.errors();
        } catch (Exception e) {
            return "the node does not answer: " + e;
        }
    }

    /** Waits until nothing is queued; dead letters may be left. */
    void awaitDrained() throws Exception {
        await("an empty overflow", () -> "0".equals(redis.askAsNode("XLEN", "sluice:{0}:stream")));
        assertEquals("0", redis.askAsNode("HLEN", "sluice:{0}:orders"), "what finds an entry goes with it");
    }

    /** Stops the load, waits until all is drained, and holds every answer against what is stored. */
    void verify() throws Exception {
        Load judged = load;
        assertTrue(judged != null, "void: no load");
        judged.stop();
        awaitDrained();
        judged.verify(postgres.uri(), redis.uri());
        assertEquals(
                0,
                judged.history.count(End.RESET, End.HANG),
                "the fault is behind the node: every client is answered; " + judged.history.summary());
    }

    /** As {@link #verify()}; besides, Redis was there all the time and no order did wrong: nobody heard 503, none is dead. */
    void verifyAllAcknowledged() throws Exception {
        verify();
        Load judged = load;
        assertTrue(judged != null && judged.history.count(End.REFUSED) == 0, "an outage is no order's fault");
        assertEquals(List.of(), judged.history.spared(), () -> "Redis took it all; " + judged.history.summary());
        List<String> condemned = deadLetters().stream()
                .map(letter -> letter.getString("reason"))
                .filter(reason -> !reason.startsWith("client_order_id_reused"))
                .toList();
        assertEquals(List.of(), condemned, "an outage condemns nobody");
    }

    /** The first thousand of them. */
    List<JsonObject> deadLetters() throws Exception {
        JsonArray letters =
                admin("GET", "/admin/dead-letters?limit=1000").json().getJsonArray("deadLetters");
        return letters.stream().map(JsonObject.class::cast).toList();
    }

    @Override
    public void close() throws IOException {
        closeAll(owned);
    }

    /** Last started, first closed; one that fails holds up nobody. */
    private static void closeAll(Deque<Closeable> owned) throws IOException {
        if (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } finally {
                closeAll(owned);
            }
        }
    }
}
