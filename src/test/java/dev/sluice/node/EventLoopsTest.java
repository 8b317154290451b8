package dev.sluice.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the instances of a whole node run, as it shows it. */
@Tag("contract")
@Timeout(120)
class EventLoopsTest {

    private static Node node(String... sets) {
        return Node.start(TestPostgres.freshDatabase(), sets);
    }

    private static JsonObject state(Node node) {
        try (OrderClient admin = node.admin()) {
            return admin.get("/admin/verticles").json();
        }
    }

    private static JsonObject resize(Node node, String body) {
        try (OrderClient admin = node.admin()) {
            Reply changed = admin.send("PATCH", "/admin/verticles", null, body.getBytes(UTF_8));
            assertEquals(200, changed.status(), changed.body());
            return changed.json();
        }
    }

    private static Set<String> loops(JsonObject state, String kind) {
        return (kind.equals("others")
                        ? state.getJsonArray(kind)
                        : state.getJsonObject(kind).getJsonArray("running"))
                .stream()
                        .map(instance -> ((JsonObject) instance).getString("eventLoop"))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertOthersAreApart(JsonObject state) {
        Set<String> live = loops(state, "http");
        live.addAll(loops(state, "writer"));
        live.retainAll(loops(state, "others"));
        assertEquals(Set.of(), live, state.encodePrettily());
    }

    private static void assertStores(Node node) {
        try (HttpSocket client = new HttpSocket(node.port())) {
            assertEquals(
                    201,
                    client.send(HttpSocket.post("", HttpSocket.ORDER)).read().status());
        }
    }

    @Test
    void anIntakeAndAWriterShareALoopThroughEveryChange() {
        try (Node node = node("http.instances=1", "writer.instances=1")) {
            JsonObject state = state(node);
            assertEquals(loops(state, "http"), loops(state, "writer"), state.encodePrettily());
            assertOthersAreApart(state);
            assertOthersAreApart(resize(node, "{\"http\":3,\"writer\":2}"));
            assertStores(node);
            JsonObject back = resize(node, "{\"http\":1,\"writer\":1}");
            assertEquals(loops(state, "http"), loops(back, "http"));
            assertEquals(loops(back, "http"), loops(back, "writer"), back.encodePrettily());
            assertStores(node);
        }
    }

    @Test
    void apartTheyDoNot() {
        try (Node node = node("http.instances=1", "writer.instances=1", "node.eventLoops=apart")) {
            JsonObject state = state(node);
            assertNotEquals(loops(state, "http"), loops(state, "writer"), state.encodePrettily());
            assertOthersAreApart(state);
            assertStores(node);
        }
    }
}
