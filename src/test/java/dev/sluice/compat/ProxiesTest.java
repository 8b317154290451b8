package dev.sluice.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.rig.Acceptance;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Proxy;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A proxy in front of a node, with connections that are kept on both sides. */
@Tag("process")
@Timeout(120)
class ProxiesTest {

    private interface Starter {
        Proxy before(int port) throws Exception;
    }

    private static void assertWorks(Starter starter) throws Exception {
        try (Node node = Node.start(TestPostgres.freshDatabase());
                Proxy proxy = starter.before(node.port());
                OrderClient client = new OrderClient(proxy.port());
                OrderClient other = new OrderClient(proxy.port())) {
            Acceptance.of(client);
            Acceptance.of(other);
            assertEquals(
                    413,
                    client.post(" ".repeat(70_000) + TestOrders.document(Node.key()))
                            .status());
            assertEquals(201, client.post(TestOrders.document(Node.key())).status(), "after a refusal");
        }
    }

    @Test
    void haproxy() throws Exception {
        assertWorks(Proxy::haproxy);
    }

    @Test
    void nginx() throws Exception {
        assertWorks(Proxy::nginx);
    }
}
