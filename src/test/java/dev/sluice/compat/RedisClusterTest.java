package dev.sluice.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.embedded.BundledServer;
import dev.sluice.rig.Acceptance;
import dev.sluice.rig.Await;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import dev.sluice.store.UnsafeStoreException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three masters of a Redis Cluster, over which the partitions of the overflow are spread. */
@Tag("process")
@Timeout(180)
class RedisClusterTest {

    private static final int SLOTS = 16_384;
    private static final int MASTERS = 3;
    private static final int ORDERS = 60;

    private final List<TestRedis> masters = new ArrayList<>();
    private TestPostgres postgres;

    @BeforeEach
    void start() throws Exception {
        postgres = TestPostgres.start();
        String busOfFirst = "";
        for (int i = 0; i < MASTERS; i++) {
            String bus = Integer.toString(Ports.free());
            busOfFirst = i == 0 ? bus : busOfFirst;
            TestRedis master = TestRedis.start(BundledServer.Options.defaults()
                    .with("cluster-enabled", "yes")
                    .with("cluster-port", bus));
            masters.add(master);
            master.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            String from = Integer.toString(SLOTS * i / MASTERS);
            String to = Integer.toString(SLOTS * (i + 1) / MASTERS - 1);
            master.command("CLUSTER", "ADDSLOTSRANGE", from, to);
            String first = Integer.toString(masters.get(0).port());
            master.command("CLUSTER", "MEET", "127.0.0.1", first, busOfFirst);
        }
        Await.state("one cluster", () -> masters.stream().allMatch(RedisClusterTest::isWhole));
    }

    private static boolean isWhole(TestRedis master) {
        String info = master.command("CLUSTER", "INFO");
        return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + MASTERS);
    }

    @AfterEach
    void stop() {
        masters.forEach(TestRedis::close);
        postgres.close();
    }

    private Node node() {
        return Node.start(
                postgres.uri(),
                "redis.uri=" + masters.get(0).uri(TestRedis.TESTER, TestRedis.TESTER),
                "redis.cluster=true",
                "overflow.partitions=6");
    }

    private static int status(OrderClient client, String key) {
        return client.post(TestOrders.document(key)).status();
    }

    @Test
    void ordersAreQueuedOnEveryMasterReplayedFoundAndDrained() {
        try (Node node = node();
                OrderClient client = node.client();
                OrderClient admin = node.admin()) {
            Await.until("Redis", () -> node.server().redis().reached());
            assertTrue(node.server().redis().failoverLossy(), "a Redis Cluster has replicas, or will have");
            Acceptance.of(client);
            postgres.stop();
            Await.until("queued", () -> status(client, "first") == 202);
            for (int i = 0; i < ORDERS; i++) {
                assertEquals(202, status(client, "q-" + i));
            }
            assertEquals(202, status(client, "q-0"), "a replay, from the entry");
            assertEquals(
                    "queued", client.get("/orders?clientOrderId=q-1").json().getString("status"));
            masters.forEach(master -> assertTrue(Integer.parseInt(master.command("DBSIZE")) > 2, "it has partitions"));
            Await.until(
                    "the depth is told",
                    () -> admin.get("/admin/overflow").json().getInteger("entries") >= ORDERS);
            postgres.restart();
            Await.until("drained", () -> rows("q-%").equals(Integer.toString(ORDERS)));
        }
    }

    private String rows(String keyLike) {
        try {
            return TestPostgres.queryText(
                    postgres.uri(), "select count(*)::text from orders where client_order_id like '" + keyLike + "'");
        } catch (RuntimeException notYet) {
            return "";
        }
    }

    @Test
    void oneMasterThatWouldLoseOrdersRefusesTheStart() {
        masters.get(1).command("CONFIG", "SET", "appendfsync", "everysec");
        UnsafeStoreException refused = assertThrows(UnsafeStoreException.class, () -> node().close());
        assertTrue(String.valueOf(refused.getMessage()).contains("appendfsync = always, everysec"), refused.toString());
    }
}
