package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.node.StoreState;
import dev.sluice.rig.Await;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node says of its stores when it is ready. */
@Tag("contract")
@Timeout(120)
class BannerTest {

    private static String bannerOn(String redisUri) throws Exception {
        try (Node node = Node.start(TestPostgres.freshDatabase(), "redis.uri=" + redisUri)) {
            Await.until("PostgreSQL", () -> node.server().postgres().reached());
            StringWriter out = new StringWriter();
            new Banner(node.config(), node.server(), false).print(new PrintWriter(out), System.nanoTime());
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
