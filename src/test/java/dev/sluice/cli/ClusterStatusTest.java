package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code sluice cluster status} on nodes that found each other, and on one that looks for none. */
@Tag("contract")
@Timeout(60)
class ClusterStatusTest {

    private static String status(Node node, String... more) {
        return status(node.adminPort(), more);
    }

    private static String status(int adminPort, String... more) {
        StringWriter out = new StringWriter();
        String[] line = new String[3 + more.length];
        line[0] = "cluster";
        line[1] = "status";
        line[2] = "--admin=http://127.0.0.1:" + adminPort;
        System.arraycopy(more, 0, line, 3, more.length);
        StringWriter err = new StringWriter();
        int code = Sluice.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err))
                .execute(line);
        assertEquals(0, code, err::toString);
        return out.toString();
    }

    private static JsonArray members(Node node) {
        return new JsonObject(status(node, "--json")).getJsonArray("members");
    }

    private static JsonObject member(Node node, boolean self) {
        return members(node).stream()
                .map(JsonObject.class::cast)
                .filter(member -> member.getBoolean("self") == self)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyMemberTellsTheSame() {
        try (ClusterRig rig = new ClusterRig(2);
                Node writer = Node.start(rig.database(), rig.settings(0, Role.WRITER_ONLY));
                Node intake = Node.start(rig.database(), rig.settings(1, Role.HTTP_ONLY))) {
            Await.until(
                    "each hears both",
                    () -> members(writer).size() == 2 && members(intake).size() == 2);
            Await.until(
                    "the writer is heard of",
                    () -> member(intake, false).getJsonArray("subscriptions").size() == 1);
            assertEquals(new JsonArray().add("writer"), member(intake, false).getJsonArray("roles"));
            assertEquals("ok", member(intake, false).getString("state"));
            Await.until(
                    "its role",
                    () -> new JsonArray()
                            .add("http")
                            .equals(member(writer, false).getJsonArray("roles")));
            assertEquals(
                    "127.0.0.1:" + intake.adminPort(), member(writer, false).getString("name"));
            assertTrue(status(intake).contains("sluice.writer."), status(intake));
        }
    }

    /** As a node answers whose admin listener is there, and whose cluster is not yet. */
    @Test
    void aNodeThatJoinsIsNotCalledAlone() throws Exception {
        HttpServer joining = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        joining.createContext("/admin/cluster", exchange -> {
            byte[] answer = "{\"enabled\":true,\"members\":[]}".getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        joining.start();
        try {
            String said = status(joining.getAddress().getPort());
            assertTrue(said.contains("about to join"), said);
        } finally {
            joining.stop(0);
        }
    }

    @Test
    void aNodeAloneSaysSo() {
        try (Node node = Node.start(TestPostgres.freshDatabase())) {
            assertTrue(status(node).contains("cluster.enabled is false"), status(node));
        }
    }
}
