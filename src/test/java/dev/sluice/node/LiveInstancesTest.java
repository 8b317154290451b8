package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.TestPostgres;
import dev.sluice.metrics.Metrics;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
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

    private final HttpClient http = HttpClient.newHttpClient();
    private final Metrics metrics = Metrics.on("test");
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final OrderClient.Log record = new OrderClient.Log();
    private final List<Thread> clients = new ArrayList<>();
    private String database;
    private Server server;

    /** Answers between two changes: enough that every client had several. */
    private static final int LOAD_BETWEEN = 500;

    @BeforeEach
    void start() throws Exception {
        database = TestPostgres.freshDatabase();
        SluiceConfig config = SluiceConfig.of(
                "http.port=0",
                "admin.port=0",
                "http.instances=2",
                "writer.instances=1",
                "postgres.uri=" + database,
                "writer.deadlineMs=8000",
                "bus.deadlineMs=9000",
                "http.deadlineMs=20000");
        server = Server.start(config, metrics, "test").await(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        server.stop().await(30, TimeUnit.SECONDS);
        metrics.close();
    }

    @Test
    void goingFromTwoToFourToOneToThreeUnderLoadDropsNothing() throws Exception {
        load("long", Integer.MAX_VALUE, 0);
        load("short", 3, 0);
        load("idle", Integer.MAX_VALUE, 300);
        for (String change : List.of(
                "{\"http\":4,\"writer\":3}",
                "{\"http\":1}",
                "{\"writer\":1}",
                "{\"writer\":3,\"http\":3}",
                "{\"http\":1,\"writer\":1}")) {
            record.awaitMore(LOAD_BETWEEN);
            HttpResponse<String> changed = patch(change);
            assertEquals(200, changed.statusCode(), changed.body());
            assertRuns(new JsonObject(change), new JsonObject(changed.body()));
        }
        record.awaitMore(LOAD_BETWEEN);
        running.set(false);
        for (Thread client : clients) {
            client.join();
        }
        assertEquals(List.of(), List.copyOf(record.failures));
        assertEquals(List.of(), List.copyOf(record.refusedConnections));
        assertEquals(List.of(), List.copyOf(record.refusals), "all answers are 201");
        assertTrue(record.answers.size() > 1_000, "there was a load: " + record.answers.size());
        assertStored();
    }

    private void load(String tag, int requestsPerConnection, long pauseMs) {
        for (int i = 0; i < CLIENTS; i++) {
            OrderClient client =
                    new OrderClient(server.httpPort(), tag + i, requestsPerConnection, pauseMs, running::get, record);
            Thread thread = new Thread(client, tag + i);
            clients.add(thread);
            thread.start();
        }
    }

    /** Nothing lost; the primary key and the unsent keys say that nothing is doubled. */
    private void assertStored() {
        String keys = TestPostgres.queryText(database, "SELECT string_agg(client_order_id, ',') FROM orders");
        Set<String> stored = new TreeSet<>(List.of(keys.split(",")));
        assertEquals(new TreeSet<>(record.answers.keySet()), stored);
        String rows = TestPostgres.queryText(database, "SELECT count(*)::text FROM orders");
        assertEquals(record.answers.size(), Integer.parseInt(rows));
    }

    private static void assertRuns(JsonObject wanted, JsonObject state) {
        wanted.forEach(entry -> assertEquals(
                entry.getValue(), state.getJsonObject(entry.getKey()).getInteger("runningCount"), state.encode()));
    }

    @Test
    void connectionsAndLoopsAreShownPerInstance() throws Exception {
        load("shown", Integer.MAX_VALUE, 20);
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
        for (Thread client : clients) {
            client.join();
        }
    }

    /** Every client is connected and the loops have been sampled twice; what is shown after ten seconds otherwise. */
    private JsonObject shownWhenSettled() throws Exception {
        JsonObject state = new JsonObject(get("/admin/verticles").body());
        for (int i = 0;
                i < 100
                        && (connections(state) < CLIENTS
                                || state.getJsonArray("eventLoops").isEmpty());
                i++) {
            Thread.sleep(100);
            state = new JsonObject(get("/admin/verticles").body());
        }
        return state;
    }

    private static int connections(JsonObject state) {
        return state.getJsonObject("http").getJsonArray("running").stream()
                .mapToInt(instance -> ((JsonObject) instance).getInteger("connections"))
                .sum();
    }

    /** An idle connection keeps its instance until it has been silent for a while. */
    @Test
    void aSecondChangeIsRefusedWhileOneIsUnderWay() throws Exception {
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            idle.add(new Socket(InetAddress.getLoopbackAddress(), server.httpPort()));
        }
        var first = http.sendAsync(request("PATCH", "{\"http\":1}"), BodyHandlers.ofString());
        Thread.sleep(100);
        HttpResponse<String> second = patch("{\"writer\":2}");
        assertEquals(409, second.statusCode(), second.body());
        assertEquals(200, first.join().statusCode());
        assertEquals(200, patch("{\"writer\":2}").statusCode());
        for (Socket socket : idle) {
            socket.close();
        }
    }

    private HttpResponse<String> patch(String body) throws Exception {
        return http.send(request("PATCH", body), BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String body) {
        return HttpRequest.newBuilder(uri("/admin/verticles"))
                .method(method, BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.adminPort() + path);
    }
}
