package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import dev.sluice.config.SluiceConfig;
import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.TestCa;
import dev.sluice.store.TestOrders;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes whose event bus asks for a certificate of their CA, and programs that reach its port. */
@Tag("process")
@Timeout(180)
class BusTlsTest {

    private static final long SEND_MS = 3_000;
    private static final String KEY_OF_STRANGERS = "stranger";

    @TempDir
    static Path folder;

    private static TestCa ca;
    private static TestCa.Pair first;
    private static TestCa.Pair second;
    private static TestCa.Pair third;
    private static TestCa.Pair foreign;

    private final ClusterRig rig = new ClusterRig(3);
    private final List<Vertx> strangers = new ArrayList<>();
    private int busPort;
    private Node writer;
    private Node intake;
    private int orders;

    /** How a program that is no node of Sluice joins: Hazelcast lets it, and the bus is another matter. */
    private enum Dress {
        RIGHT,
        CLEAR_TEXT,
        OTHER_CA;

        EventBusOptions options() {
            EventBusOptions options = new EventBusOptions()
                    .setHost("127.0.0.1")
                    .setPort(Ports.free())
                    .setConnectTimeout(1_000)
                    .setSsl(this != CLEAR_TEXT)
                    .setTrustAll(true);
            return switch (this) {
                case RIGHT -> options.setKeyCertOptions(pem(third));
                case OTHER_CA -> options.setKeyCertOptions(pem(foreign));
                case CLEAR_TEXT -> options;
            };
        }

        private static PemKeyCertOptions pem(TestCa.Pair pair) {
            return new PemKeyCertOptions()
                    .addCertPath(pair.cert().toString())
                    .addKeyPath(pair.key().toString());
        }
    }

    @BeforeAll
    static void sign() {
        ca = TestCa.make(folder, "ca");
        first = ca.sign("first", "IP:127.0.0.1", 2);
        second = ca.sign("second", "DNS:second.example", 2);
        third = ca.sign("third", "DNS:third.example", 2);
        foreign = TestCa.make(folder, "other").sign("foreign", "IP:127.0.0.1", 2);
    }

    private static String[] tls(TestCa.Pair pair) {
        return new String[] {
            "cluster.tls.ca=" + ca.cert(), "cluster.tls.cert=" + pair.cert(), "cluster.tls.key=" + pair.key()
        };
    }

    @BeforeEach
    void start() {
        writer = Node.start(rig.database(), rig.settings(0, Role.WRITER_ONLY, tls(first)));
        intake = Node.start(rig.database(), rig.settings(1, Role.HTTP_ONLY, tls(second)));
        busPort = writer.config().cluster().busPort();
        Await.until("a commit", this::isCommitted);
    }

    @AfterEach
    void stop() {
        strangers.forEach(vertx -> Await.result(vertx.close()));
        intake.close();
        writer.close();
        rig.close();
    }

    private boolean isCommitted() {
        try (OrderClient client = intake.client()) {
            return client.post(TestOrders.document("k" + orders++, 1, "1")).status() == 201;
        }
    }

    private Vertx stranger(Dress dress) throws IOException {
        Config hazelcast = HazelcastSettings.of(
                SluiceConfig.of(rig.settings(2, Role.BOTH, "cluster.port=" + Ports.free()))
                        .cluster(),
                "stranger-" + dress);
        hazelcast.getMemberAttributeConfig().removeAttribute(HazelcastSettings.NODE);
        Vertx vertx = Await.result(Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(dress.options()))
                .withClusterManager(new HazelcastClusterManager(hazelcast))
                .buildClustered());
        strangers.add(vertx);
        return vertx;
    }

    private static Future<JsonObject> submit(Vertx vertx, Dress dress) {
        JsonObject order = new JsonObject(TestOrders.document(KEY_OF_STRANGERS + dress));
        DeliveryOptions soon = new DeliveryOptions().setSendTimeout(SEND_MS);
        return vertx.eventBus()
                .<JsonObject>request("orders.submit", order, soon)
                .map(reply -> reply.body());
    }

    @Test
    void onlyAMemberWithACertificateOfTheCaIsHeardAndServed() throws IOException {
        List<Dress> followers = new CopyOnWriteArrayList<>();
        List<Future<JsonObject>> refused = new ArrayList<>();
        for (Dress dress : Dress.values()) {
            Vertx vertx = stranger(dress);
            Await.result(vertx.eventBus()
                    .consumer("orders.committed", commit -> followers.add(dress))
                    .completion());
            if (dress != Dress.RIGHT) {
                refused.add(submit(vertx, dress));
            } else {
                assertEquals(201, Await.result(submit(vertx, dress)).getInteger("status"));
            }
        }
        refused.forEach(order -> {
            Await.until("its end", order::isComplete);
            assertTrue(order.failed(), () -> "answered: " + order.result());
        });
        assertEquals("1", rig.rows(KEY_OF_STRANGERS + "%"));
        Await.until("the right one to hear of a commit", () -> {
            assertTrue(isCommitted(), "orders go on");
            return followers.contains(Dress.RIGHT);
        });
        assertEquals(List.of(Dress.RIGHT), followers.stream().distinct().toList(), "the others heard of orders too");
    }

    /** It trusts whatever it meets, and shows nothing: the handshake of TLS 1.3 ends before the server has looked. */
    @Test
    void aTlsClientWithoutACertificateIsCutOff() throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (Socket socket = trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), busPort)) {
            socket.setSoTimeout((int) SEND_MS);
            InputStream in = socket.getInputStream();
            SSLException refused = assertThrows(SSLException.class, in::readAllBytes);
            assertTrue(String.valueOf(refused.getMessage()).contains("certificate"), refused::toString);
        }
        assertTrue(isCommitted());
    }

    /** As a scanner of ports, or a client of another service, would. */
    @Test
    void aTcpClientThatSpeaksNoTlsIsCutOff() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), busPort)) {
            socket.setSoTimeout((int) SEND_MS);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] said = in.readAllBytes();
            assertTrue(said.length <= 7, "more than an alert");
        }
        assertTrue(isCommitted());
    }
}
