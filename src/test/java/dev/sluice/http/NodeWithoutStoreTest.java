package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.OrderId;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.List;
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
                OrderClient client = node.client();
                OrderClient admin = node.admin()) {
            int port = proxy.port();
            warmUp(uri, client);
            proxy.close();
            Reply refused = until(503, client, "away");
            assertEquals("not_stored", refused.code());
            assertTrue(Integer.parseInt(refused.header("retry-after")) >= 1);
            Reply unknown = client.get("/orders/" + new UUID(1, 2));
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

    private static Reply until(int status, OrderClient client, String tag) throws Exception {
        List<Reply> answers = new ArrayList<>();
        Await.until(status + " for " + tag, () -> {
            Reply answer = client.post(TestOrders.document(tag + "-" + answers.size(), 1, "1"));
            answers.add(answer);
            return answer.status() == status && !"outcome_unknown".equals(answer.code());
        });
        return answers.get(answers.size() - 1);
    }

    @Test
    void whenTheAnswerIsLostTheOutcomeIsUnknownAndTheOrderCanBeAskedFor() throws Exception {
        String uri = TestPostgres.freshDatabase();
        try (TcpProxy proxy = TcpProxy.at(0, uri);
                Node node = Node.start(proxy.uri());
                OrderClient client = node.client()) {
            warmUp(uri, client);
            proxy.mute(true);
            long began = System.nanoTime();
            Reply unknown = client.post(TestOrders.document("cut", 1, "1"));
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertEquals(503, unknown.status());
            assertEquals("outcome_unknown", unknown.code());
            assertEquals(OrderId.of("default", "cut").toString(), unknown.json().getString("id"));
            assertTrue(Integer.parseInt(unknown.header("retry-after")) >= 1);
            assertTrue(tookMs < HTTP_DEADLINE_MS, "answered after " + tookMs + " ms");
            proxy.mute(false);
            proxy.cut();
            Reply replay = until(201, client, "again");
            assertEquals(201, replay.status());
            Reply retry = client.post(TestOrders.document("cut", 1, "1"));
            assertEquals(201, retry.status());
            assertEquals("true", retry.header("idempotent-replayed"), "it had been stored");
            assertEquals(
                    "1",
                    TestPostgres.queryText(uri, "select count(*)::text from orders where client_order_id = 'cut'"));
        }
    }

    /** Every connection stands, and the one that is taken first has prepared its statement: answers alone are cut. */
    private static void warmUp(String uri, OrderClient client) throws Exception {
        String connections = "select (count(*) >= 4)::text from pg_stat_activity where application_name = 'sluice' and"
                + " datname = current_database()";
        Await.until(
                "the connections",
                () -> TestPostgres.queryText(uri, connections).equals("true"));
        assertEquals(201, client.post(TestOrders.document("warm", 1, "1")).status());
    }

    /** Deadlines that nest, but with a store that is allowed more time than the client has patience for. */
    @Test
    void everyRequestIsAnsweredWithinTheHttpDeadline() throws Exception {
        String uri = TestPostgres.freshDatabase();
        try (TcpProxy proxy = TcpProxy.at(0, uri);
                Node node = Node.start(
                        proxy.uri(), "writer.deadlineMs=300", "bus.deadlineMs=600", "http.deadlineMs=1000")) {
            try (HttpSocket slow = new HttpSocket(node.port())) {
                slow.send(
                        "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{");
                Reply timeout = slow.read();
                assertEquals(408, timeout.status());
                assertTrue(timeout.isLast());
            }
            proxy.mute(true);
            try (OrderClient client = node.client()) {
                Reply unknown = client.post(TestOrders.document("k", 1, "1"));
                assertEquals("outcome_unknown", unknown.code());
                assertEquals(503, client.get("/orders/" + new UUID(1, 2)).status());
            }
        }
    }
}
