package dev.sluice.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.cluster.ClusterNode;
import dev.sluice.config.SluiceConfig;
import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.wire.Forms;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example in Groovy, deployed by a node of a cluster: what it publishes reaches another member. */
@Tag("contract")
@Timeout(180)
class RunningTotalTest {

    private static final class Standing implements ClusterNode.Standing {
        @Override
        public void reached() {}

        @Override
        public void notReached(String reason) {}

        @Override
        public void lost(String reason) {}
    }

    private static Vertx member(ClusterRig rig) {
        SluiceConfig config = SluiceConfig.of(rig.settings(1, ClusterRig.Role.BOTH));
        ClusterNode.Self self = new ClusterNode.Self("member", "member", "test", () -> 0);
        Vertx vertx = Await.result(ClusterNode.join(
                        Vertx.builder(),
                        new VertxOptions(),
                        config.cluster(),
                        new WriterDirectory(),
                        self,
                        Forms.ofThisRelease(),
                        new Standing()))
                .vertx();
        Wire.register(vertx);
        return vertx;
    }

    @Test
    void anotherMemberHearsTheTotalOfWhatIsCommitted() {
        try (ClusterRig rig = new ClusterRig(2);
                Node node = Node.start(
                        rig.database(),
                        Stream.of(rig.settings(0, ClusterRig.Role.BOTH), new String[] {
                                    "bus.deadlineMs=4000",
                                    "writer.deadlineMs=3000",
                                    "extensions.total.verticle=groovy:docs/examples/RunningTotal.groovy",
                                    "extensions.total.publishes=orders.total",
                                    "extensions.total.config={everyMs: 20}"
                                })
                                .flatMap(Stream::of)
                                .toArray(String[]::new))) {
            Vertx member = member(rig);
            AtomicReference<JsonObject> heard = new AtomicReference<>(new JsonObject());
            Await.result(member.eventBus()
                    .<JsonObject>consumer("orders.total", message -> heard.set(message.body()))
                    .completion());
            awaitRunning(node);
            try (OrderClient client = node.client()) {
                for (int i = 0; i < 5; i++) {
                    assertEquals(
                            201,
                            client.post(BadExtensions.order(Node.key()).encode())
                                    .status());
                }
            }
            JsonObject total = new JsonObject().put("orders", 5).put("totals", new JsonObject().put("EUR", "125.00"));
            Await.until("the total of five", () -> heard.get().equals(total));
            Await.result(member.close());
        }
    }

    private static void awaitRunning(Node node) {
        try (OrderClient admin = node.admin()) {
            Await.until("the extension runs", () -> !admin.get("/readyz").body().contains("total: "));
        }
    }
}
