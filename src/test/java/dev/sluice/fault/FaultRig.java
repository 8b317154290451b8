package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.rig.Await;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a fault of a store is injected into: the one node of a {@link NodeRig}, its overflow on, and, once asked for, a
 * recorded load. A test breaks something, waits until the load has seen it, mends it, and ends with {@link #verify()}.
 * Every method blocks; one thread.
 *
 * <p>The deadlines are longer than the defaults, so that a slow machine's sync is no outage of Redis.
 */
final class FaultRig implements AutoCloseable {

    private static final List<String> PATIENT = List.of(
            "overflow.deadlineMs=2000", "bus.deadlineMs=3500", "http.deadlineMs=6000", "store.startWaitMs=30000");

    final TestPostgres postgres;
    final NodeProcess node;
    private final NodeRig rig;
    private @Nullable Load load;

    private FaultRig(NodeRig rig, NodeProcess node) {
        this.rig = rig;
        this.postgres = rig.postgres;
        this.node = node;
    }

    /** A node on a PostgreSQL and a Redis of its own; settings as {@code --set} takes them. */
    static FaultRig start(String... settings) throws Exception {
        TestPostgres postgres = TestPostgres.start();
        return on(postgres, postgres.uri(), settings);
    }

    /** A node that reaches that PostgreSQL, which goes with the rig, by a URI of the test's choice. */
    static FaultRig on(TestPostgres postgres, String nodeUri, String... settings) throws Exception {
        NodeRig rig = NodeRig.on(postgres, nodeUri);
        List<String> sets = new ArrayList<>(PATIENT);
        sets.addAll(List.of(settings));
        boolean started = false;
        try {
            FaultRig whole = new FaultRig(rig, rig.serve(sets.toArray(String[]::new)));
            Await.until("Redis", rig::nodeSeesRedis);
            started = true;
            return whole;
        } finally {
            if (!started) {
                rig.close();
            }
        }
    }

    /** Starts the load, which has seen PostgreSQL work when this returns. */
    Load load() throws Exception {
        load = rig.load();
        load.awaitMore(200, End.COMMITTED);
        return load;
    }

    int port() {
        return rig.place.port();
    }

    /** One order, beside the load's. */
    Reply post(String key) throws Exception {
        try (OrderClient client = new OrderClient(port())) {
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
    Reply admin(String method, String path) throws Exception {
        try (OrderClient client = new OrderClient(rig.place.adminPort())) {
            return client.send(method, path, null, new byte[0]);
        }
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
            return overflow() + "\n" + node.errors();
        } catch (Exception e) {
            return "the node does not answer: " + e;
        }
    }

    /** Waits until nothing is queued; dead letters may be left. */
    void awaitDrained() {
        rig.awaitDrained();
    }

    /** Stops the load, waits until all is drained, and holds every answer against what is stored. */
    void verify() throws Exception {
        Load judged = load;
        assertTrue(judged != null, "void: no load");
        rig.verify(judged);
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
        try (rig) {
            if (load != null) {
                load.close();
            }
        }
    }
}
