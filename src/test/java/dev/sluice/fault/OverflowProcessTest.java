package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.rig.Await;
import dev.sluice.rig.Commands;
import dev.sluice.rig.Folders;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The overflow of a node in a process of its own: what is answered 202, and that all of it becomes rows. */
@Tag("process")
class OverflowProcessTest {

    private static final long LIMIT_SECONDS = 30;
    private static final int BANNER_LINES_MAX = 12;

    private Path folder;
    private Path data;

    @BeforeEach
    void prepare() throws Exception {
        folder = Files.createTempDirectory("sluice-overflow");
        data = Files.createDirectory(folder.resolve("data"));
        TestPostgres.seed(data);
    }

    @AfterEach
    void clean() {
        Folders.deleteTree(folder);
    }

    private NodeProcess dev(String... flags) throws Exception {
        List<String> verb = Stream.concat(
                        Stream.of("dev", "--data-dir", data.toString(), "--http-port", "0", "--admin-port", "0"),
                        Stream.of(flags))
                .toList();
        return NodeProcess.run(folder, verb.toArray(String[]::new));
    }

    private NodeProcess serve(String postgresUri, String redisUri) throws Exception {
        return NodeProcess.serve(
                folder,
                NodeProcess.Manner.USUAL,
                "postgres.uri=" + postgresUri,
                "redis.uri=" + redisUri,
                "store.startWaitMs=2000");
    }

    private List<Long> postgresPids() throws Exception {
        Path pidFile = data.resolve("postgres/cluster/postmaster.pid");
        return TestPostgres.pids(
                Long.parseLong(Files.readAllLines(pidFile).get(0).strip()));
    }

    private static Reply post(int port, String key) throws Exception {
        try (OrderClient client = new OrderClient(port)) {
            return client.post(TestOrders.document(key, 1, "12.50"));
        }
    }

    private static Reply get(int port, String path) throws Exception {
        try (OrderClient client = new OrderClient(port)) {
            return client.get(path);
        }
    }

    private static void awaitCommitted(int port, String key) {
        Await.until(key + " is committed", () -> {
            Reply answer = get(port, "/orders?clientOrderId=" + key);
            return answer.status() == 200 && "committed".equals(answer.json().getString("status"));
        });
    }

    private static void awaitAnswered(int status, int port, String key) {
        Await.until(key + " is answered " + status, () -> post(port, key).status() == status);
    }

    @Test
    void whileItsPostgresIsFrozenOrdersAreQueuedAndThenCommitted() throws Exception {
        try (NodeProcess node = dev()) {
            int port = node.awaitReady().port();
            assertTrue(
                    node.banner()
                            .matches(
                                    "(?s).*\n +overflow +redis://\\S+@127\\.0\\.0\\.1:\\d+ synced, password in \\S+/redis/uri\n.*"),
                    node.banner());
            assertTrue(node.banner().lines().count() <= BANNER_LINES_MAX, node.banner());
            awaitAnswered(201, port, "first"); // a cold node on a busy machine may queue it
            List<Long> frozen = postgresPids();
            Commands.signal("STOP", frozen);
            try {
                Reply queued = post(port, "second");
                assertEquals(202, queued.status(), queued.body());
                assertEquals("queued", queued.json().getString("status"));
                String id = queued.json().getString("id");
                assertEquals("/orders/" + id, queued.header("location"));
                assertEquals("queued", get(port, "/orders/" + id).json().getString("status"));
                Reply again = post(port, "second");
                assertEquals(202, again.status(), again.body());
                assertEquals("true", again.header("idempotent-replayed"));
            } finally {
                Commands.signal("CONT", frozen);
            }
            awaitCommitted(port, "second");
            awaitAnswered(201, port, "second"); // 202 until a probe has brought PostgreSQL back
        }
    }

    @Test
    void whatWasQueuedOutlivesAKillOfTheNode() throws Exception {
        List<Long> postgres;
        try (NodeProcess node = dev()) {
            int port = node.awaitReady().port();
            post(port, "first");
            postgres = postgresPids();
            Commands.signal("STOP", postgres);
            for (int i = 0; i < 20; i++) {
                assertEquals(202, post(port, "queued" + i).status());
            }
            node.signal("KILL");
            node.awaitExit(LIMIT_SECONDS);
        }
        try (NodeProcess again = dev()) {
            int port = again.awaitReady().port();
            for (int i = 0; i < 20; i++) {
                awaitCommitted(port, "queued" + i);
            }
        }
    }

    @Fault("postgres-frozen")
    void underLoadAFrozenPostgresLosesNothing() throws Exception {
        // Patient, so that a slow machine's sync is no outage of Redis.
        try (NodeProcess node = dev(
                "--set", "overflow.deadlineMs=2000", "--set", "bus.deadlineMs=3500", "--set", "http.deadlineMs=6000")) {
            NodeProcess.Ready ready = node.awaitReady();
            try (Load load = Load.start(ready.port())) {
                load.awaitMore(200, End.COMMITTED);
                List<Long> frozen = postgresPids();
                Commands.signal("STOP", frozen);
                load.awaitMore(300, End.QUEUED);
                Commands.signal("CONT", frozen);
                load.awaitMore(200, End.COMMITTED);
                load.stop();
                awaitDrained(NodeProcess.kept(data, "redis"));
                load.verify(NodeProcess.kept(data, "postgres"), NodeProcess.kept(data, "redis"));
                assertEquals(0, load.history.count(End.RESET), "the fault is behind the node");
                assertEquals(List.of(), load.history.spared(), "Redis took it all");
            }
        }
    }

    private static void awaitDrained(String uri) throws Exception {
        Await.until(
                "an empty stream",
                () -> TestRedis.on(uri, "XLEN", "sluice:{0}:stream").equals("0"));
        assertEquals("0", TestRedis.on(uri, "HLEN", "sluice:{0}:orders"));
    }

    @Test
    void devWithoutAnOverflowSaysSoAndStartsNoRedis() throws Exception {
        try (NodeProcess node = dev("--set", "overflow.enabled=false")) {
            node.awaitReady();
            assertTrue(node.banner().contains("off (overflow.enabled is false)"), node.banner());
            assertFalse(Files.exists(data.resolve("redis")));
        }
    }

    @Test
    void devWithDeadlinesThatDoNotNestIs3BeforeAnythingIsStarted() throws Exception {
        try (NodeProcess node = dev("--set", "overflow.deadlineMs=1000")) {
            assertEquals(3, node.awaitExit(LIMIT_SECONDS), node.errors());
            assertTrue(node.errors().contains("bus.deadlineMs"), node.errors());
            assertFalse(Files.exists(data.resolve("redis")));
        }
    }

    @Test
    void aNodeStartsWithRedisAloneAndTakesPostgresWhenItComes() throws Exception {
        int port = Ports.free();
        String uri = TestPostgres.freshDatabase();
        String later = Ports.moved(uri, port);
        try (TestRedis redis = TestRedis.start();
                NodeProcess node = serve(later, redis.uri())) {
            int http = node.awaitReady().port();
            assertTrue(!node.banner().contains("sluice:"), "no password in the banner: " + node.banner());
            Reply queued = post(http, "early");
            assertEquals(202, queued.status(), queued.body());
            try (TcpProxy proxy = TcpProxy.at(port, uri)) {
                awaitCommitted(http, "early");
                assertTrue(proxy.accepted() > 0);
            }
        }
    }

    @Test
    void aNodeStartsWithPostgresAlone() throws Exception {
        try (NodeProcess node = serve(TestPostgres.freshDatabase(), "redis://127.0.0.1:1")) {
            assertEquals(201, post(node.awaitReady().port(), "k").status());
        }
    }

    @Test
    void withNeitherStoreItGivesUpWith4AndNamesBoth() throws Exception {
        String nowhere = Ports.moved(TestPostgres.freshDatabase(), 1);
        try (NodeProcess node = serve(nowhere, "redis://127.0.0.1:1")) {
            assertEquals(4, node.awaitExit(LIMIT_SECONDS), node.errors());
            assertTrue(node.errors().contains("postgres.uri") && node.errors().contains("redis.uri"), node.errors());
            assertTrue(!node.errors().contains("\tat "), node.errors());
        }
    }

    @Test
    void aRedisThatCanLoseOrdersIs3() throws Exception {
        try (TestRedis redis = TestRedis.start("appendfsync", "everysec");
                NodeProcess node = serve(TestPostgres.freshDatabase(), redis.uri())) {
            assertEquals(3, node.awaitExit(LIMIT_SECONDS), node.errors());
            assertTrue(node.errors().contains("appendfsync"), node.errors());
        }
    }
}
