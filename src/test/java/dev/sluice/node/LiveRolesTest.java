package dev.sluice.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.Reply;
import dev.sluice.store.TestOrders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes of a cluster, whose roles an operator changes while orders come in. */
@Tag("contract")
@Timeout(120)
class LiveRolesTest {

    private static final int CLIENTS = 10;
    private static final int LOAD_BETWEEN = 100;
    private static final int COMMITTED = 201;
    private static final int BAD_REQUEST = 400;

    private final ClusterRig rig = new ClusterRig(3);
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final int port = Ports.free();
    private Node changing;
    private Node other;

    @BeforeEach
    void start() {
        changing = start(0, Role.BOTH, "http.port=" + port);
        other = start(1, Role.BOTH, "http.port=0");
        awaitRoles("http", "writer");
    }

    private Node start(int node, Role role, String set) {
        return Node.start(
                rig.database(),
                rig.settings(
                        node, role, "writer.deadlineMs=8000", "bus.deadlineMs=9000", "http.deadlineMs=20000", set));
    }

    @AfterEach
    void stop() {
        changing.close();
        other.close();
        rig.close();
    }

    private static Reply patch(Node node, String body) {
        try (OrderClient admin = node.admin()) {
            return admin.send("PATCH", "/admin/verticles", null, body.getBytes(UTF_8));
        }
    }

    private void change(String body) {
        Reply changed = patch(changing, body);
        assertEquals(200, changed.status(), changed.body());
    }

    /** As the other node announces that it hears it. */
    private void awaitRoles(String... roles) {
        Await.until("the other node sees " + List.of(roles), () -> rolesSeen().equals(new JsonArray(List.of(roles))));
    }

    private JsonArray rolesSeen() {
        try (OrderClient admin = other.admin()) {
            return admin.get("/admin/cluster").json().getJsonArray("members").stream()
                    .map(JsonObject.class::cast)
                    .filter(member -> !member.getBoolean("self"))
                    .map(member -> member.getJsonArray("roles"))
                    .findFirst()
                    .orElse(new JsonArray());
        }
    }

    private static int submit(Node node, String key) {
        try (OrderClient client = node.client()) {
            return client.post(TestOrders.document(key)).status();
        }
    }

    @Test
    void writersGoAndComeBackUnderLoadAndNoOrderIsRefused() throws Exception {
        OrderLoad load = new OrderLoad(port, running::get);
        load.add("client", CLIENTS, Integer.MAX_VALUE, 0);
        load.awaitMore(LOAD_BETWEEN);
        for (int turn = 0; turn < 2; turn++) {
            change("{\"writer\":0}");
            awaitRoles("http");
            load.awaitMore(LOAD_BETWEEN);
            change("{\"writer\":1}");
            awaitRoles("http", "writer");
            load.awaitMore(LOAD_BETWEEN);
        }
        running.set(false);
        load.join();
        assertEquals(List.of(), List.copyOf(load.failures));
        assertEquals(List.of(), List.copyOf(load.refusals), "all are acknowledged");
        Await.until("every order in a row", () -> load.answers.size() == Integer.parseInt(rig.rows("%")));
    }

    @Test
    void theOrderApiGoesAndComesBackOnItsPort() {
        change("{\"http\":0}");
        awaitRoles("writer");
        assertEquals(0, changing.server().httpPort());
        assertThrows(UncheckedIOException.class, () -> new OrderClient(port).post(TestOrders.document("j")));
        assertEquals(COMMITTED, submit(other, "k"));
        change("{\"http\":2}");
        awaitRoles("http", "writer");
        assertEquals(port, changing.server().httpPort());
        assertEquals(COMMITTED, submit(changing, "l"));
    }

    @Test
    void aNodeThatWouldDoNothingIsRefused() {
        for (String idle : List.of("{\"http\":0,\"writer\":0}", "{\"writer\":0}")) {
            Reply refused = patch(changing, idle);
            assertEquals(BAD_REQUEST, refused.status());
            assertTrue(refused.body().contains("the node would do nothing"), refused.body());
            change("{\"http\":0}");
        }
        awaitRoles("writer");
    }

    /** Its configuration was allowed because it had no order API. */
    @Test
    void anOrderApiForEveryClientIsNotOpenedByTheWay() {
        try (Node writer = start(2, Role.WRITER_ONLY, "http.host=0.0.0.0")) {
            Reply refused = patch(writer, "{\"http\":1}");
            assertEquals(BAD_REQUEST, refused.status());
            assertTrue(refused.body().contains("http.allowAnonymous"), refused.body());
            assertEquals(200, patch(writer, "{\"writer\":2}").status());
        }
    }
}
