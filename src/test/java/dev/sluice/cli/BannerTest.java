package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.node.StoreState;
import dev.sluice.rig.Await;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node says of its stores when it is ready. */
@Tag("contract")
@Timeout(120)
class BannerTest {

    private static String bannerOn(String redisUri) throws Exception {
        return bannerOf("redis.uri=" + redisUri);
    }

    private static String bannerOf(String... sets) throws Exception {
        try (Node node = Node.start(TestPostgres.freshDatabase(), sets)) {
            Await.until("PostgreSQL", () -> node.server().postgres().reached());
            StringWriter out = new StringWriter();
            new Banner(node.config(), node.server(), null, true).print(new PrintWriter(out), System.nanoTime());
            return out.toString();
        }
    }

    private static void assertOverflow(String ending, String banner) {
        String line = banner.lines()
                .filter(one -> one.startsWith("  overflow"))
                .findFirst()
                .orElseThrow();
        assertTrue(line.endsWith(ending), banner);
    }

    @Test
    void theAddressesAreThoseThatAreBoundAndWhatIsOpenIsSaid() throws Exception {
        String banner = bannerOf(
                "http.host=0.0.0.0", "http.allowAnonymous=true", "admin.host=0.0.0.0", "admin.token=" + "t".repeat(32));
        String listeners = banner.lines()
                .filter(line -> line.startsWith("  API") || line.startsWith("  admin") || line.startsWith("  try"))
                .map(line -> line.replaceAll(":[0-9]{4,5}", ":PORT").replaceAll(" -H.*", ""))
                .collect(Collectors.joining("\n"));
        assertEquals("""
                  API        http://0.0.0.0:PORT/orders  /docs  OPEN: every client that reaches it may submit and read orders
                  admin      http://0.0.0.0:PORT  /docs /healthz /readyz /metrics /version  with admin.token
                  try        curl -i http://localhost:PORT/orders""".indent(2).stripTrailing(), listeners);
        assertFalse(bannerOf().contains("OPEN"));
    }

    /** What is piped ends in logs, so the password stays in its file; a person may copy the line. */
    @Test
    void ourOwnStoresPasswordIsShownOnATerminalAlone() throws Exception {
        String database = TestPostgres.freshDatabase();
        try (Node node = Node.start(database)) {
            Await.until("PostgreSQL", () -> node.server().postgres().reached());
            String shown = "  store      " + database + " synced";
            String place = database.replaceFirst(":[^:@/]*@", "@");
            assertFalse(place.equals(database), database);
            assertEquals(shown, store(node, true));
            assertEquals("  store      " + place + " synced, password in /var/d/postgres/uri", store(node, false));
        }
    }

    private static String store(Node node, boolean onTerminal) {
        StringWriter out = new StringWriter();
        new Banner(node.config(), node.server(), Path.of("/var/d"), onTerminal)
                .print(new PrintWriter(out), System.nanoTime());
        return out.toString()
                .lines()
                .filter(line -> line.startsWith("  store"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRedisThatDidNotAnswerIsNotCalledSynced() throws Exception {
        String banner = bannerOn("redis://127.0.0.1:1");
        assertOverflow("redis://127.0.0.1:1 not reachable yet", banner);
        assertTrue(banner.lines().anyMatch(line -> line.startsWith("  store") && line.endsWith(" synced")), banner);
    }

    @Test
    void aRedisThatAnsweredIsSyncedAndOneWithReplicasLosesAtAFailover() throws Exception {
        try (TestRedis master = TestRedis.start();
                TestRedis replica = TestRedis.start()) {
            assertOverflow(" synced", bannerOn(master.uri()));

            replica.command("CONFIG", "SET", "masteruser", TestRedis.TESTER, "masterauth", TestRedis.TESTER);
            replica.command("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
            Await.state(
                    "the replica", () -> master.command("INFO", "replication").contains("connected_slaves:1"));
            assertOverflow(" synced failover-lossy", bannerOn(master.uri()));
        }
    }

    @Test
    void whatWasOverriddenIsUnsafeReachedOrNot() {
        assertEquals("UNSAFE", Banner.safety(true, new StoreState(true, false, null)));
        assertEquals("UNSAFE failover-lossy", Banner.safety(true, new StoreState(true, true, null)));
        assertEquals("UNSAFE, not reachable yet", Banner.safety(true, new StoreState(false, false, null)));
        assertEquals("refuses: no such role", Banner.safety(false, new StoreState(false, false, "no such role")));
    }
}
