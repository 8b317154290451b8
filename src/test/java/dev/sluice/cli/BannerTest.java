package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.TestPostgres;
import dev.sluice.metrics.Metrics;
import dev.sluice.node.Server;
import dev.sluice.node.StoreState;
import dev.sluice.store.redis.OwnRedis;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node says of its stores when it is ready. */
@Tag("contract")
@Timeout(120)
class BannerTest {

    private static final long LIMIT_SECONDS = 30;

    private static String bannerOn(String redisUri) throws Exception {
        SluiceConfig config = SluiceConfig.of(
                "http.port=0", "admin.port=0", "postgres.uri=" + TestPostgres.freshDatabase(), "redis.uri=" + redisUri);
        try (Metrics metrics = Metrics.off("test")) {
            Server server = Server.start(config, metrics, "test").await(LIMIT_SECONDS, TimeUnit.SECONDS);
            try {
                awaitPostgres(server);
                StringWriter out = new StringWriter();
                new Banner(config, server, false).print(new PrintWriter(out), System.nanoTime());
                return out.toString();
            } finally {
                server.stop().await(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private static void awaitPostgres(Server server) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!server.postgres().reached()) {
            assertTrue(System.nanoTime() - giveUp < 0, "PostgreSQL is not reached");
            Thread.sleep(5);
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
        try (OwnRedis master = OwnRedis.start();
                OwnRedis replica = OwnRedis.start()) {
            assertOverflow(" synced", bannerOn(master.uri()));

            replica.command("CONFIG", "SET", "masterauth", "own-redis");
            replica.command("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
            awaitReplica(master);
            assertOverflow(" synced failover-lossy", bannerOn(master.uri()));
        }
    }

    private static void awaitReplica(OwnRedis master) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!master.command("INFO", "replication").contains("connected_slaves:1")) {
            assertTrue(System.nanoTime() - giveUp < 0, "void: the replica does not come");
            Thread.sleep(5);
        }
    }

    @Test
    void whatWasOverriddenIsUnsafeReachedOrNot() {
        assertEquals("UNSAFE", Banner.safety(true, new StoreState(true, false)));
        assertEquals("UNSAFE failover-lossy", Banner.safety(true, new StoreState(true, true)));
        assertEquals("UNSAFE, not reachable yet", Banner.safety(true, new StoreState(false, false)));
    }
}
