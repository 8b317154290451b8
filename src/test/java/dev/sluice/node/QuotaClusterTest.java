package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.store.TestOrders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes of a cluster share the quotas of accounts, and follow who is there. */
@Tag("process")
@Timeout(120)
class QuotaClusterTest {

    private static final String[] QUOTA = {"quota.default.ordersPerSecond=1000", "quota.default.burst=6000"};

    private static String policy(OrderClient client) {
        return client.post(TestOrders.document(null)).header("ratelimit-policy");
    }

    @Test
    void theShareOfANodeFollowsTheMembersThatServeHttp() {
        try (ClusterRig rig = new ClusterRig(3);
                Node first = Node.start(rig.database(), rig.settings(0, Role.BOTH, QUOTA));
                OrderClient client = first.client()) {
            assertEquals("\"default\";q=6000;w=6", policy(client));
            try (Node second = Node.start(rig.database(), rig.settings(1, Role.HTTP_ONLY, QUOTA));
                    OrderClient other = second.client()) {
                Await.until("a half each", () -> "\"default\";q=3000;w=6".equals(policy(client)));
                Await.until("the other half", () -> "\"default\";q=3000;w=6".equals(policy(other)));
                try (Node writer = Node.start(rig.database(), rig.settings(2, Role.WRITER_ONLY, QUOTA))) {
                    Await.until("the writer has joined", () -> writer.server().members() == 3);
                    assertEquals("\"default\";q=3000;w=6", policy(client), "it serves no HTTP");
                }
            }
            Await.until("all of it again", () -> "\"default\";q=6000;w=6".equals(policy(client)));
        }
    }
}
