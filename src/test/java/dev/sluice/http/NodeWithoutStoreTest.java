package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.embedded.TestPostgres;
import dev.sluice.fault.TcpProxy;
import dev.sluice.http.RawClient.Response;
import dev.sluice.order.OrderId;
import dev.sluice.store.TestOrders;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients hear while PostgreSQL is away or silent. */
@Tag("contract")
class NodeWithoutStoreTest {

    private static final long HTTP_DEADLINE_MS = 5_000;

    @Test
    void whileTheStoreIsAwayOrdersAreNotStoredAndLookUpsDoNotGuess() throws Exception {
        String uri = TestPostgres.freshDatabase();
        TcpProxy proxy = TcpProxy.at(0, uri);
        try (Node node = Node.start(proxy.uri());
                RawClient client = node.client();
                RawClient admin = node.admin()) {
            int port = proxy.port();
            warmUp(uri, client);
            proxy.close();
            Response refused = until(503, client, "away");
            assertEquals("not_stored", refused.code());
            assertTrue(Integer.parseInt(refused.header("retry-after")) >= 1);
            Response unknown = client.get("/orders/" + new UUID(1, 2));
            assertEquals(503, unknown.status(), "404 only where every store said no");
            assertTrue(Integer.parseInt(unknown.header("retry-after")) >= 1);
            assertEquals(503, admin.get("/readyz").status());
            assertEquals(200, admin.get("/healthz").status());
            assertEquals(0, node.metric("sluice_postgres_up"));
            try (TcpProxy back = TcpProxy.at(port, uri)) {
                assertTrue(until(201, client, "back").body().contains("committed"));
                assertEquals(200, admin.get("/readyz").status());
                assertTrue(back.accepted() > 0);
            }
        } finally {
            proxy.close();
        }
        assertEquals(
                "0",
                TestPostgres.queryText(uri, "select count(*)::text from orders where client_order_id like 'away-%'"));
    }

    private static Response until(int status, RawClient client, String tag) throws Exception {
        long began = System.nanoTime();
        for (int i = 0; ; i++) {
            Response answer = client.post(TestOrders.document(tag + "-" + i, 1, "1"));
            if (answer.status() == status
                    && !"outcome_unknown".equals(answer.json().getString("code"))) {
                return answer;
            }
            assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(20), "never " + status + " but " + answer);
            Thread.sleep(20);
        }
    }

    @Test
    void whenTheAnswerIsLostTheOutcomeIsUnknownAndTheOrderCanBeAskedFor() throws Exception {
        String uri = TestPostgres.freshDatabase();
        try (TcpProxy proxy = TcpProxy.at(0, uri);
                Node node = Node.start(proxy.uri());
                RawClient client = node.client()) {
            warmUp(uri, client);
            proxy.mute(true);
            long began = System.nanoTime();
            Response unknown = client.post(TestOrders.document("cut", 1, "1"));
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertEquals(503, unknown.status());
            assertEquals("outcome_unknown", unknown.code());
            assertEquals(OrderId.of("default", "cut").toString(), unknown.json().getString("id"));
            assertTrue(Integer.parseInt(unknown.header("retry-after")) >= 1);
            assertTrue(tookMs < HTTP_DEADLINE_MS, "answered after " + tookMs + " ms");
            proxy.mute(false);
            proxy.cut();
            Response replay = until(201, client, "again");
            assertEquals(201, replay.status());
            Response retry = client.post(TestOrders.document("cut", 1, "1"));
            assertEquals(201, retry.status());
            assertEquals("true", retry.header("idempotent-replayed"), "it had been stored");
            assertEquals(
                    "1",
                    TestPostgres.queryText(uri, "select count(*)::text from orders where client_order_id = 'cut'"));
        }
    }

    /** Every connection stands, and the one that is taken first has prepared its statement: answers alone are cut. */
    private static void warmUp(String uri, RawClient client) throws Exception {
        String connections = "select (count(*) >= 4)::text from pg_stat_activity where application_name = 'sluice' and"
                + " datname = current_database()";
        while (!TestPostgres.queryText(uri, connections).equals("true")) {
            Thread.sleep(10);
        }
        assertEquals(201, client.post(TestOrders.document("warm", 1, "1")).status());
    }

    /** Deadlines that nest, but with a store that is allowed more time than the client has patience for. */
    @Test
    void everyRequestIsAnsweredWithinTheHttpDeadline() throws Exception {
        String uri = TestPostgres.freshDatabase();
        try (TcpProxy proxy = TcpProxy.at(0, uri);
                Node node = Node.start(
                        proxy.uri(), "writer.deadlineMs=300", "bus.deadlineMs=600", "http.deadlineMs=1000")) {
            try (RawClient slow = node.client()) {
                slow.send(
                        "POST /orders HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
                        new byte[0]);
                Response timeout = slow.receive();
                assertEquals(408, timeout.status());
                assertTrue(timeout.isLast());
            }
            proxy.mute(true);
            try (RawClient client = node.client()) {
                Response unknown = client.post(TestOrders.document("k", 1, "1"));
                assertEquals("outcome_unknown", unknown.code());
                assertEquals(503, client.get("/orders/" + new UUID(1, 2)).status());
            }
        }
    }
}
