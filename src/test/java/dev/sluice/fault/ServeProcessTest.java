package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice serve} as a process: how it starts, and what it tells the shell where it cannot. */
@Tag("process")
class ServeProcessTest {

    private static final long LIMIT_SECONDS = 30;

    @TempDir
    Path folder;

    private NodeProcess serve(String uri, String... flags) throws Exception {
        List<String> verb = new ArrayList<>(List.of("serve", "--admin-port", "0", "--set", "http.port=0"));
        verb.addAll(List.of("--set", "postgres.uri=" + uri));
        verb.addAll(List.of(flags));
        return NodeProcess.run(folder, verb.toArray(String[]::new));
    }

    private void assertExit(int code, String named, NodeProcess started) throws Exception {
        try (NodeProcess node = started) {
            assertEquals(code, node.awaitExit(LIMIT_SECONDS), node.errors());
            assertTrue(node.errors().contains(named), node.errors());
            assertTrue(!node.errors().contains("\tat "), "no stack trace for what a user can mend:\n" + node.errors());
        }
    }

    private static String nowhere(int port) {
        return Ports.moved(TestPostgres.freshDatabase(), port);
    }

    @Test
    void itStartsWhenPostgresComesAndStopsWhenAsked() throws Exception {
        int port = Ports.free();
        String uri = TestPostgres.freshDatabase();
        try (NodeProcess node = serve(Ports.moved(uri, port))) {
            Await.until("it says what it waits for", () -> node.errors().contains("PostgreSQL: "));
            try (TcpProxy proxy = TcpProxy.at(port, uri)) {
                NodeProcess.Ready ready = node.awaitReady();
                try (OrderClient client = new OrderClient(ready.port())) {
                    assertEquals(
                            201, client.post(TestOrders.document("k", 1, "1")).status());
                }
                assertTrue(proxy.accepted() > 0);
                assertTrue(!ready.storeUri().contains("sluice:"), "no password in the banner: " + ready.storeUri());
                node.signal("TERM");
                assertEquals(0, node.awaitExit(LIMIT_SECONDS));
            }
        }
    }

    @Test
    void withoutAnyStoreItGivesUpWith4() throws Exception {
        assertExit(4, "postgres.uri", serve(nowhere(Ports.free()), "--set", "store.startWaitMs=300"));
    }

    @Test
    void aBadConfigurationIs3() throws Exception {
        assertExit(3, "writer.batchMax", serve(TestPostgres.freshDatabase(), "--set", "writer.batchMx=1"));
    }

    @Test
    void aStoreThatLosesCommitsIs3() throws Exception {
        String uri = TestPostgres.freshDatabase();
        TestPostgres.execute(
                uri, "alter database " + uri.substring(uri.lastIndexOf('/') + 1) + " set synchronous_commit = off");
        assertExit(3, "synchronous_commit = off", serve(uri));
    }

    @Test
    void aDatabaseThatTakesNoOrdersIs3WithTheMendInALineOfItsOwn() throws Exception {
        String uri = TestPostgres.freshDatabase();
        String role = "r" + uri.substring(uri.lastIndexOf('/') + 1);
        TestPostgres.execute(uri, "create role " + role + " login password 'x'");
        assertExit(
                3,
                "\n  As the owner of the schema: GRANT USAGE, CREATE ON SCHEMA public TO " + role + ";\n",
                serve(uri.replaceFirst("//[^@]+@", "//" + role + ":x@")));
    }

    @Test
    void aTakenPortIs1() throws Exception {
        try (ServerSocket taken = Ports.listen(0)) {
            String port = Integer.toString(taken.getLocalPort());
            assertExit(1, "http.port " + port, serve(TestPostgres.freshDatabase(), "--http-port", port));
        }
    }
}
