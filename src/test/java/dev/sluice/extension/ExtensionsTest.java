package dev.sluice.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.extension.BadExtensions.Blocks;
import dev.sluice.extension.BadExtensions.BlocksAtStart;
import dev.sluice.extension.BadExtensions.Floods;
import dev.sluice.extension.BadExtensions.ThrowsInHandler;
import dev.sluice.rig.Await;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an extension does wrong does not hurt the orders of its node: each is answered 201 while it goes on. */
@Tag("contract")
@Timeout(180)
class ExtensionsTest {

    private static final int ORDERS = 200;

    private static Node node(String extension, String... more) {
        String[] sets = new String[more.length + 1];
        sets[0] = "extensions.bad.verticle=" + BadExtensions.class.getName() + "$" + extension;
        System.arraycopy(more, 0, sets, 1, more.length);
        return Node.start(TestPostgres.freshDatabase(), sets);
    }

    private static void assertTakesOrders(Node node, int orders) {
        try (OrderClient client = node.client()) {
            for (int i = 0; i < orders; i++) {
                String order = BadExtensions.order(Node.key()).encode();
                assertEquals(201, client.post(order).status());
            }
        }
    }

    /** What {@code /readyz} says of them; the node is ready whatever it is. */
    private static String said(Node node) {
        try (OrderClient admin = node.admin()) {
            var ready = admin.get("/readyz");
            assertEquals(200, ready.status(), ready.body());
            return ready.body();
        }
    }

    private static void awaitRunning(Node node) {
        Await.until("the extension runs", () -> !said(node).contains("bad: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ThrowsAtStart", "FailsAtStart", "LacksAClass", "CannotBeMade"})
    void oneThatDoesNotStartIsNamed(String extension) {
        try (Node node = node(extension)) {
            Await.until("it is said", () -> said(node).contains("bad: does not run: "));
            assertTrue(said(node).contains("no licence"), said(node));
            assertEquals(1, node.metric("sluice_extension_errors_total"));
            assertTakesOrders(node, 10);
        }
    }

    @Test
    void oneWhoseStartIsBlockedHoldsUpNothing() throws Exception {
        try (Node node = node("BlocksAtStart")) {
            assertTrue(BlocksAtStart.BEGUN.await(1, TimeUnit.MINUTES));
            assertTrue(said(node).contains("bad: starting"), said(node));
            assertTakesOrders(node, ORDERS);
            assertTrue(said(node).contains("bad: starting"), "it was blocked all the while");
            BlocksAtStart.RELEASE.countDown();
            awaitRunning(node);
        }
    }

    @Test
    void oneThatThrowsInItsHandlerGoesOn() {
        try (Node node = node("ThrowsInHandler")) {
            awaitRunning(node);
            assertTakesOrders(node, ORDERS);
            Await.until("it hears of them", () -> ThrowsInHandler.HEARD.get() > 10);
            assertTrue(node.metric("sluice_extension_errors_total") > 10);
            awaitRunning(node);
        }
    }

    private static Node nodeWithABlockedOne() {
        Blocks.release = new CountDownLatch(1);
        Blocks.HEARD.set(0);
        Node node = node("Blocks");
        awaitRunning(node);
        assertTakesOrders(node, 1);
        Await.until("it is blocked", () -> Blocks.HEARD.get() == 1);
        return node;
    }

    @Test
    void oneThatBlocksItsThreadHoldsUpNothing() {
        try (Node node = nodeWithABlockedOne()) {
            assertTakesOrders(node, ORDERS);
            assertEquals(1, Blocks.HEARD.get(), "it was blocked all the while");
            Blocks.release.countDown();
            Await.until("what waited for it comes", () -> Blocks.HEARD.get() > 10);
        }
    }

    /** The node ends in time too. */
    @Test
    void oneThatIsBlockedDoesNotKeepTheNodeFromEnding() {
        try (Node node = nodeWithABlockedOne()) {
            node.stop();
            assertEquals(1, Blocks.release.getCount(), "it is blocked still");
        } finally {
            Blocks.release.countDown();
        }
    }

    @Test
    void oneThatSendsWithoutEndHoldsUpNothing() {
        Floods.SENT.set(0);
        String key = Node.key();
        try (Node node =
                node("Floods", "extensions.bad.publishes=orders.flood", "extensions.bad.config={key: " + key + "-}")) {
            awaitRunning(node);
            assertTakesOrders(node, 1);
            Await.until("the flood", () -> Floods.SENT.get() > 0);
            assertTakesOrders(node, ORDERS);
            Await.until("all of it", () -> Floods.SENT.get() == BadExtensions.FLOOD);
            assertTakesOrders(node, ORDERS);
            assertTrue(node.metric("sluice_extension_dropped_total") > 0, "more than the bound at once");
            awaitRunning(node);
        }
    }

    /** A class of a jar that only its own class path has. */
    @Test
    void aClassOfAJarIsDeployedWithItsSettings(@TempDir Path folder) throws IOException {
        TestJar.of(folder, "Greets", """
                package org.example;
                public class Greets extends io.vertx.core.VerticleBase {
                    public io.vertx.core.Future<?> start() {
                        System.setProperty("sluice.test.greets." + hashCode(), config().encode());
                        return io.vertx.core.Future.succeededFuture();
                    }
                }
                """);
        try (Node node = Node.start(
                TestPostgres.freshDatabase(),
                "extensions.bad.verticle=org.example.Greets",
                "extensions.bad.instances=3",
                "extensions.bad.jars=" + folder,
                "extensions.bad.config={every: 10, names: [a, b], inner: {on: true}}")) {
            awaitRunning(node);
            List<String> found = System.getProperties().stringPropertyNames().stream()
                    .filter(name -> name.startsWith("sluice.test.greets."))
                    .map(System::clearProperty)
                    .toList();
            String settings = "{\"every\":10,\"names\":[\"a\",\"b\"],\"inner\":{\"on\":true}}";
            assertEquals(List.of(settings, settings, settings), found);
        }
    }
}
