package dev.sluice.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.rig.Acceptance;
import dev.sluice.rig.Node;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A newer Java, half a processor, IPv6. */
@Tag("process")
@Timeout(180)
class MachinesTest {

    private static final Path JVMS = Path.of("/usr/lib/jvm");
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");

    @TempDir
    Path folder;

    private NodeProcess.Ready assertWorks(Manner manner) throws Exception {
        String database = TestPostgres.freshDatabase();
        try (NodeProcess node = NodeProcess.serve(folder, manner, "postgres.uri=" + database)) {
            NodeProcess.Ready ready = node.awaitReady();
            try (OrderClient client = new OrderClient(ready.port());
                    OrderClient admin = new OrderClient(ready.adminPort())) {
                Acceptance.of(client);
                said = admin.get("/version").body() + node.banner();
            }
            node.signal("TERM");
            assertEquals(0, node.awaitExit(40), node.errors());
            return ready;
        }
    }

    private String said = "";

    @Test
    void java25() throws Exception {
        Path home = newest();
        assumeTrue(home != null, "no Java 25 below " + JVMS);
        assertWorks(new Manner(List.of(), List.of(), Map.of("JAVA_HOME", home.toString())));
        assertTrue(said.contains("\"25"), said);
    }

    private static Path newest() throws IOException {
        if (!Files.isDirectory(JVMS)) {
            return null;
        }
        try (Stream<Path> homes = Files.list(JVMS)) {
            return homes.filter(home -> home.getFileName().toString().contains("25"))
                    .filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** As a container with a limit of 500m: the JVM sees one processor, and gets half of it. */
    @Test
    @EnabledIfSystemProperty(named = "sluice.compat", matches = "all", disabledReason = "scripts/compat runs it")
    void halfAProcessor() throws Exception {
        boolean first = Files.isDirectory(CGROUP.resolve("cpu"));
        Path group = (first ? CGROUP.resolve("cpu") : CGROUP)
                .resolve("sluice-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(group);
            if (first) {
                Files.writeString(group.resolve("cpu.cfs_quota_us"), "50000");
            } else {
                Files.writeString(group.resolve("cpu.max"), "50000 100000");
            }
        } catch (IOException e) {
            assumeTrue(false, "no cgroup can be made here: " + e);
        }
        try {
            String join = "echo $$ > \"$0\" && exec \"$@\"";
            List<String> within =
                    List.of("bash", "-c", join, group.resolve("cgroup.procs").toString());
            assertWorks(new Manner(within, List.of(), Map.of()));
            assertTrue(said.contains("1 http, 1 writer"), said);
            String stat = Files.readString(group.resolve("cpu.stat"));
            assertTrue(stat.matches("(?s).*nr_throttled [1-9].*"), "it was held back: " + stat);
        } finally {
            Files.deleteIfExists(group);
        }
    }

    @Test
    void ipv6() throws Exception {
        assumeTrue(hasIpv6(), "no IPv6 on loopback here");
        try (Node node = Node.start(TestPostgres.freshDatabase(), "http.host=::1", "admin.host=::1")) {
            HttpClient client = HttpClient.newHttpClient();
            String order = TestOrders.document(Node.key());
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://[::1]:" + node.port() + "/orders"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(order))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(201, answer.statusCode(), answer.body());
            HttpResponse<String> ready = client.send(
                    HttpRequest.newBuilder(URI.create("http://[::1]:" + node.adminPort() + "/readyz"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, ready.statusCode(), ready.body());
        }
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getAllByName("::1")[0])) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
