package dev.sluice.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.multimap.MultiMap;
import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.store.TestOrders;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The cluster forgets where its nodes answer, as after a network that failed and healed. */
@Tag("contract")
@Timeout(120)
class LostSubscriptionsTest {

    /** What is lost comes back from what a check saw before. */
    private static final long CHECKS_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final String COMMITTED = "orders.committed";

    private final ClusterRig rig = new ClusterRig(2);
    private final AtomicBoolean clearing = new AtomicBoolean();
    private Node intake;
    private Node writer;
    private int orders;

    @BeforeEach
    void start() {
        writer = Node.start(rig.database(), rig.settings(0, Role.WRITER_ONLY));
        intake = Node.start(rig.database(), rig.settings(1, Role.HTTP_ONLY, "bridge.enabled=true", "bridge.port=0"));
    }

    @AfterEach
    void stop() {
        clearing.set(false);
        intake.close();
        writer.close();
        rig.close();
    }

    private static MultiMap<Object, Object> subscriptions() {
        return Hazelcast.getAllHazelcastInstances().iterator().next().getMultiMap("__vertx.subs");
    }

    private boolean isCommitted() {
        try (OrderClient client = intake.client()) {
            return client.post(TestOrders.document("k" + orders++, 1, "1")).status() == 201;
        }
    }

    private static Reply readyz(Node node) {
        try (OrderClient admin = node.admin()) {
            return admin.get("/readyz");
        }
    }

    @Test
    void subscriptionsThatAreLostComeBack() {
        Await.until("a commit", this::isCommitted);
        int before = subscriptions().size();
        long began = System.nanoTime();
        Await.until("some self-checks", () -> System.nanoTime() - began > CHECKS_NANOS);
        for (Object address : subscriptions().keySet()) {
            subscriptions().remove(address);
        }
        assertTrue(subscriptions().size() < before, "void: nothing was lost");
        Await.until("all are back", () -> subscriptions().size() == before);
        Await.until("a commit", this::isCommitted);
        assertEquals(200, readyz(writer).status());
    }

    /** A client of the bridge, for example: no part of the node asked for it to be kept. */
    @Test
    void aFollowerOfCommitsHearsThemAgain() throws IOException {
        try (Socket follower =
                new Socket(InetAddress.getLoopbackAddress(), intake.server().bridgePort())) {
            byte[] register = "{\"type\":\"register\",\"address\":\"orders.committed\"}".getBytes(UTF_8);
            DataOutputStream out = new DataOutputStream(follower.getOutputStream());
            out.writeInt(register.length);
            out.write(register);
            InputStream in = follower.getInputStream();
            Await.until("a commit is heard", () -> isCommitted() && in.available() > 0);
            long began = System.nanoTime();
            Await.until("some self-checks", () -> System.nanoTime() - began > CHECKS_NANOS);
            subscriptions().remove(COMMITTED);
            assertFalse(subscriptions().containsKey(COMMITTED), "void: it was not lost");
            Await.until("it is back", () -> subscriptions().containsKey(COMMITTED));
            in.skipNBytes(in.available());
            Await.until("a commit is heard", () -> isCommitted() && in.available() > 0);
        }
    }

    @Test
    void aNodeThatCannotBeHealedIsNotReadyAndThenGivesUp() throws Exception {
        Await.until("a commit", this::isCommitted);
        clearing.set(true);
        Thread saboteur = new Thread(() -> {
            while (clearing.get()) {
                subscriptions().clear();
            }
        });
        saboteur.start();
        Await.until("it is not ready", () -> readyz(writer).status() == 503);
        assertTrue(
                readyz(writer).body().contains("the cluster has lost subscriptions"),
                readyz(writer).body());
        Await.until("it says that it must end", () -> writer.server().lost().isComplete());
        String reason = writer.server().lost().result();
        assertTrue(reason.contains("start it again"), reason);
        clearing.set(false);
        saboteur.join();
    }
}
