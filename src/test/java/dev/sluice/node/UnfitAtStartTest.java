package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.LoadedConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.rig.Await;
import dev.sluice.rig.LogLines;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import dev.sluice.store.UnfitStoreException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that takes no orders as it is refuses the start; one that is met later is told of until it is mended. */
@Tag("contract")
@Timeout(120)
class UnfitAtStartTest {

    private static TestRedis redis;

    private final String uri = TestPostgres.freshDatabase();

    @BeforeAll
    static void startRedis() throws Exception {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    private static SluiceConfig config(String postgresUri, boolean withRedis) {
        String overflow = withRedis ? "redis.uri=" + redis.uri() : "overflow.enabled=false";
        return SluiceConfig.of("http.port=0", "admin.port=0", overflow, "postgres.uri=" + postgresUri);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theStartIsRefusedWithAndWithoutAnOverflow(boolean withRedis) {
        TestPostgres.execute(uri, "create view orders as select 1 as id");
        try (Metrics metrics = Metrics.off("test")) {
            Server server = Server.of(new LoadedConfig(config(uri, withRedis), List.of(), List.of()), metrics, "test");
            Throwable cause = assertThrows(
                            ExecutionException.class,
                            () -> server.start()
                                    .toCompletionStage()
                                    .toCompletableFuture()
                                    .get(20, TimeUnit.SECONDS))
                    .getCause();
            assertTrue(assertInstanceOf(UnfitStoreException.class, cause).what().contains("42P07"), cause.toString());
        }
    }

    @Test
    void oneThatIsMetLaterIsToldOfUntilItIsMended() throws Exception {
        TestPostgres.execute(uri, "create view orders as select 1 as id");
        int port = Ports.free();
        try (LogLines log = LogLines.of(StoreWatch.class);
                Node node = Node.start(Ports.moved(uri, port), "redis.uri=" + redis.uri(), "writer.instances=1");
                TcpProxy proxy = TcpProxy.at(port, uri);
                OrderClient client = node.client()) {
            Await.until("it is seen", () -> node.metric("sluice_unfit_stores") == 1);
            assertTrue(proxy.accepted() > 0);
            String ready = readyz(node);
            assertTrue(ready.contains("42P07") && ready.contains("SET search_path = sluice;"), ready);
            String refusal = String.valueOf(node.server().postgres().refusal());
            assertTrue(refusal.contains("42P07"), refusal);
            assertEquals(1, errors(log).size(), "one error for all connections: " + errors(log));
            assertEquals(202, client.post(TestOrders.document(Node.key())).status());

            TestPostgres.execute(uri, "drop view orders");
            Await.until("it is mended", () -> node.metric("sluice_unfit_stores") == 0);
            Await.until(
                    "orders are committed",
                    () -> client.post(TestOrders.document(Node.key())).status() == 201);
            assertTrue(!readyz(node).contains("42P07"), "what is past is not told");
        }
    }

    private static String readyz(Node node) {
        try (OrderClient admin = node.admin()) {
            return admin.get("/readyz").body();
        }
    }

    private static List<String> errors(LogLines log) {
        return log.lines().stream().filter(line -> line.contains("ERROR")).toList();
    }
}
