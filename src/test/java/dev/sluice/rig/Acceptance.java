package dev.sluice.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.store.TestOrders;
import java.util.List;

/** What a node does for its clients, whatever it rests on and whatever stands before it. */
public final class Acceptance {

    private static final int KEPT_ALIVE = 50;

    private Acceptance() {}

    /** A new order, a replay, other content under its key, a bulk request with a bad line, look-ups, one connection. */
    public static void of(OrderClient client) {
        String key = Node.key();
        Reply committed = client.post(TestOrders.document(key));
        assertEquals(201, committed.status(), committed.body());
        Reply replay = client.post(TestOrders.document(key));
        assertEquals("201 true", replay.status() + " " + replay.header("Idempotent-Replayed"));
        assertEquals(committed.json().getString("id"), replay.json().getString("id"));
        assertEquals(
                "client_order_id_reused",
                client.post(TestOrders.document(key, 2)).code());
        assertEquals(
                List.of(201, 400, 201),
                client.bulk(TestOrders.document(Node.key()), "{}", TestOrders.document(Node.key()))
                        .statuses());
        Reply found = client.get(String.valueOf(committed.header("Location")));
        assertEquals("200 committed", found.status() + " " + found.json().getString("status"));
        assertEquals(
                404, client.get("/orders/00000000-0000-7000-8000-000000000000").status());
        for (int i = 0; i < KEPT_ALIVE; i++) {
            assertEquals(201, client.post(TestOrders.document(Node.key())).status());
        }
    }
}
