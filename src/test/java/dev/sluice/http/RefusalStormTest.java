package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Half of all orders are refused, from many clients at a time: every order has its verdict, and nothing spills. */
@Tag("contract")
@Timeout(120)
class RefusalStormTest {

    private static final int CLIENTS = 12;
    private static final int ORDERS = 40;
    private static final int BULK_ORDERS = 2_000;

    private static final String TRIGGER = "create function refuse() returns trigger language plpgsql as"
            + " $$ begin if new.client_order_id like 'bad%' then REFUSE end if; return new; end $$;"
            + " create trigger refuse before insert on orders for each row execute function refuse()";

    private static String key(int i, String run) {
        return (i % 2 == 0 ? "good" : "bad") + run + i;
    }

    private static void assertVerdict(String key, int status, String text) {
        assertEquals(key.startsWith("bad") ? 422 : 201, status, key + " " + text);
        assertTrue(status == 201 || text.contains("order_refused"), text);
    }

    private static Callable<Boolean> client(Node node, String run) {
        return () -> {
            try (OrderClient client = node.client()) {
                for (int i = 0; i < ORDERS; i++) {
                    Reply reply = client.post(TestOrders.document(key(i, run)));
                    assertVerdict(key(i, run), reply.status(), reply.body());
                }
            }
            return true;
        };
    }

    private static Callable<Boolean> bulk(Node node) {
        return () -> {
            try (OrderClient client = node.client()) {
                Reply reply = client.bulk(IntStream.range(0, BULK_ORDERS)
                        .mapToObj(i -> TestOrders.document(key(i, "bulk")))
                        .toArray(String[]::new));
                List<String> lines = reply.body().lines().toList();
                assertEquals(BULK_ORDERS, lines.size());
                for (int i = 0; i < BULK_ORDERS; i++) {
                    assertVerdict(key(i, "bulk"), new JsonObject(lines.get(i)).getInteger("status"), lines.get(i));
                }
            }
            return true;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"raise exception 'sold out';", "return null;"})
    void everyOrderHasItsVerdict(String refuse) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (TestRedis redis = TestRedis.start();
                Node node = Node.start(TestPostgres.freshDatabase(), "redis.uri=" + redis.uri())) {
            TestPostgres.execute(node.database(), TRIGGER.replace("REFUSE", refuse));
            List<Callable<Boolean>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(client(node, "-" + i + "-"));
            }
            clients.add(bulk(node));
            for (Future<Boolean> ended : threads.invokeAll(clients)) {
                assertTrue(ended.get());
            }
            int good = (CLIENTS * ORDERS + BULK_ORDERS) / 2;
            assertEquals(Integer.toString(good), node.rows("%"));
            assertEquals(good, node.metric("sluice_orders_total{outcome=\"refused\"}"));
            assertEquals(0, node.metric("sluice_orders_total{outcome=\"queued\"}"));
            assertEquals(0, node.metric("sluice_overflow_depth"));
        } finally {
            threads.shutdownNow();
        }
    }
}
