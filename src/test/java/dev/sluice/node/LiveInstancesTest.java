package dev.sluice.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole node on a real PostgreSQL, its instances changed over the admin API while orders come in. */
@Tag("contract")
@Timeout(120)
class LiveInstancesTest {

    private static final int CLIENTS = 40;

    private final AtomicBoolean running = new AtomicBoolean(true);
    private Node node;
    private OrderLoad load;

    /** Answers between two changes: enough that every client had several. */
    private static final int LOAD_BETWEEN = 500;

    @BeforeEach
    void start() {
        node = Node.start(
                TestPostgres.freshDatabase(),
                "http.instances=2",
                "writer.instances=1",
                "writer.deadlineMs=8000",
                "bus.deadlineMs=9000",
                "http.deadlineMs=20000");
        load = new OrderLoad(node.port(), running::get);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void goingFromTwoToFourToOneToThreeUnderLoadDropsNothing() throws Exception {
        load.add("long", CLIENTS, Integer.MAX_VALUE, 0);
        load.add("short", CLIENTS, 3, 0);
        load.add("idle", CLIENTS, Integer.MAX_VALUE, 300);
        for (String change : List.of(
                "{\"http\":4,\"writer\":3}",
                "{\"http\":1}",
                "{\"writer\":1}",
                "{\"writer\":3,\"http\":3}",
                "{\"http\":1,\"writer\":1}")) {
            load.awaitMore(LOAD_BETWEEN);
            Reply changed = patch(change);
            assertEquals(200, changed.status(), changed.body());
            assertRuns(new JsonObject(change), changed.json());
        }
        load.awaitMore(LOAD_BETWEEN);
        running.set(false);
        load.join();
        assertEquals(List.of(), List.copyOf(load.failures));
        assertEquals(List.of(), List.copyOf(load.refusedConnections));
        assertEquals(List.of(), List.copyOf(load.refusals), "all answers are 201");
        assertTrue(load.answers.size() > 1_000, "there was a load: " + load.answers.size());
        assertStored();
    }

    /** Nothing lost; the primary key and the unsent keys say that nothing is doubled. */
    private void assertStored() {
        String keys = TestPostgres.queryText(node.database(), "SELECT string_agg(client_order_id, ',') FROM orders");
        Set<String> stored = new TreeSet<>(List.of(keys.split(",")));
        assertEquals(new TreeSet<>(load.answers.keySet()), stored);
        assertEquals(load.answers.size(), Integer.parseInt(node.rows("%")));
    }

    private static void assertRuns(JsonObject wanted, JsonObject state) {
        wanted.forEach(entry -> assertEquals(
                entry.getValue(), state.getJsonObject(entry.getKey()).getInteger("runningCount"), state.encode()));
    }

    @Test
    void connectionsAndLoopsAreShownPerInstance() throws Exception {
        load.add("shown", CLIENTS, Integer.MAX_VALUE, 20);
        JsonObject state = shownWhenSettled();
        running.set(false);
        assertEquals(CLIENTS, connections(state), state.encodePrettily());
        Set<String> loops = state.getJsonArray("eventLoops").stream()
                .map(loop -> ((JsonObject) loop).getString("eventLoop"))
                .collect(Collectors.toSet());
        assertTrue(
                loops.contains(state.getJsonObject("writer")
                        .getJsonArray("running")
                        .getJsonObject(0)
                        .getString("eventLoop")),
                state.encodePrettily());
        load.join();
    }

    /** Every client is connected and the loops have been sampled twice; what is shown after ten seconds otherwise. */
    private JsonObject shownWhenSettled() throws Exception {
        JsonObject[] state = new JsonObject[1];
        try (OrderClient admin = node.admin()) {
            Await.comes(10_000, () -> {
                state[0] = admin.get("/admin/verticles").json();
                return connections(state[0]) >= CLIENTS
                        && !state[0].getJsonArray("eventLoops").isEmpty();
            });
        }
        return state[0];
    }

    private static int connections(JsonObject state) {
        return state.getJsonObject("http").getJsonArray("running").stream()
                .mapToInt(instance -> ((JsonObject) instance).getInteger("connections"))
                .sum();
    }

    /** An idle connection keeps its instance until it has been silent for a while. */
    @Test
    void aSecondChangeIsRefusedWhileOneIsUnderWay() throws Exception {
        List<HttpSocket> idle = List.of(new HttpSocket(node.port()), new HttpSocket(node.port()));
        try {
            var first = CompletableFuture.supplyAsync(() -> patch("{\"http\":1}"));
            Await.pause("the first change is under way", 100);
            Reply second = patch("{\"writer\":2}");
            assertEquals(409, second.status(), second.body());
            assertEquals(200, first.join().status());
            assertEquals(200, patch("{\"writer\":2}").status());
        } finally {
            idle.forEach(HttpSocket::close);
        }
    }

    private Reply patch(String body) {
        try (OrderClient admin = node.admin()) {
            return admin.send("PATCH", "/admin/verticles", null, body.getBytes(UTF_8));
        }
    }
}
