package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.metrics.TlsReload;
import dev.sluice.rig.Await;
import dev.sluice.rig.Commands;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestCa;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole node whose listeners speak TLS, asked by curl, by openssl and by clients of this JVM. */
@Tag("process")
@Timeout(120)
class ListenerTlsNodeTest {

    @TempDir
    Path folder;

    private TestCa ca;
    private TestCa.Pair place;

    @BeforeEach
    void makeCa() {
        ca = TestCa.make(folder, "ca");
        place = new TestCa.Pair(folder.resolve("listener.crt"), folder.resolve("listener.key"));
        serve("first");
    }

    /** A new pair of that name in the place that the listeners read. */
    private void serve(String name) {
        ca.sign(name, "DNS:localhost,IP:127.0.0.1", 2).copyTo(place);
    }

    private Node node(String... sets) {
        Stream<String> tls = Stream.of("http", "admin")
                .flatMap(listener ->
                        Stream.of(listener + ".tls.cert=" + place.cert(), listener + ".tls.key=" + place.key()));
        return Node.start(
                TestPostgres.freshDatabase(),
                Stream.concat(tls, Stream.of(sets)).toArray(String[]::new));
    }

    private String curl(int port, String path, String... flags) throws IOException {
        Path order = Files.writeString(folder.resolve("order.json"), TestOrders.document(null));
        List<String> line = new ArrayList<>(
                List.of("curl", "-sS", "-m", "10", "--cacert", ca.cert().toString()));
        line.addAll(List.of(flags));
        if (path.equals("/orders")) {
            line.addAll(List.of("-H", "Content-Type: application/json", "--data-binary", "@" + order));
        }
        line.addAll(List.of("-w", "\n%{http_code} %{http_version}", "https://localhost:" + port + path));
        return Commands.output(line.toArray(String[]::new));
    }

    private static String openssl(int port, String flags) {
        return Commands.output(("openssl s_client -connect 127.0.0.1:" + port + " " + flags).split(" ", -1));
    }

    private HttpSocket client(Node node) {
        return HttpSocket.overTls(node.port(), ca.context(null));
    }

    private static Certificate shown(int port, TestCa ca) {
        try (HttpSocket client = HttpSocket.overTls(port, ca.context(null))) {
            return client.serverCertificate();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tlsv1.3 --tls-max 1.3", "--tlsv1.2 --tls-max 1.2", "--http2"})
    void curlSubmitsAnOrderByHttp11AndReachesTheAdminListener(String flags) throws IOException {
        try (Node node = node()) {
            String ordered = curl(node.port(), "/orders", flags.split(" ", -1));
            assertTrue(ordered.endsWith("\n201 1.1"), ordered);
            String ready = curl(node.adminPort(), "/readyz", flags.split(" ", -1));
            assertTrue(ready.endsWith("\n200 1.1"), ready);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1_1 -cipher DEFAULT:@SECLEVEL=0, alert protocol version",
        "-tls1 -cipher DEFAULT:@SECLEVEL=0, alert protocol version",
        "-tls1_2 -cipher AES128-SHA:@SECLEVEL=0, alert handshake failure",
        "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256, alert handshake failure",
        "-tls1_2 -cipher AES128-GCM-SHA256, alert handshake failure",
        "-alpn h2, No ALPN negotiated",
        "'-alpn h2,http/1.1', No ALPN negotiated",
        "-tls1_3, TLS_AES_128_GCM_SHA256",
        "-tls1_2, ECDHE-ECDSA-AES128-GCM-SHA256",
        "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305, ECDHE-ECDSA-CHACHA20-POLY1305"
    })
    void versionsCiphersAndAlpn(String flags, String said) {
        try (Node node = node()) {
            for (int port : new int[] {node.port(), node.adminPort()}) {
                String output = openssl(port, flags);
                assertTrue(output.contains(said), output);
            }
        }
    }

    @Test
    void inTheClearNothingIsServed() {
        try (Node node = node()) {
            for (int port : new int[] {node.port(), node.adminPort()}) {
                try (HttpSocket clear = new HttpSocket(port)) {
                    clear.send(HttpSocket.get("/readyz"));
                    assertFalse(clear.readToTheEnd().contains("HTTP/"));
                }
            }
        }
    }

    /** Each of the clients has one connection, which outlives three new certificates; others come anew all the time. */
    @Test
    void aNewCertificateDropsNoConnectionUnderLoad() throws InterruptedException {
        try (Node node = node("http.instances=2")) {
            ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                boolean stays = i < 4;
                Thread client = new Thread(() -> submit(node, stays, over, answered, failures));
                client.start();
                clients.add(client);
            }
            for (int renewed = 1; renewed <= 3; renewed++) {
                Certificate before = shown(node.port(), ca);
                serve("renewed-" + renewed);
                Await.until("the new certificate is shown", () -> !before.equals(shown(node.port(), ca)));
                int soFar = answered.get();
                Await.until("clients go on", () -> answered.get() > soFar + 200 || !failures.isEmpty());
            }
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            Await.until(
                    "both listeners took each",
                    () -> node.metrics().tlsReloads().of(TlsReload.TAKEN).total() == 6);
        }
    }

    private void submit(
            Node node,
            boolean stays,
            AtomicBoolean over,
            AtomicInteger answered,
            ConcurrentLinkedQueue<Throwable> failures) {
        HttpSocket socket = client(node);
        try {
            while (!over.get()) {
                int status = socket.send(HttpSocket.post("", HttpSocket.ORDER))
                        .read()
                        .status();
                if (status != 201) {
                    failures.add(new AssertionError("status " + status));
                    return;
                }
                answered.incrementAndGet();
                if (!stays) {
                    socket.close();
                    socket = client(node);
                }
            }
        } catch (RuntimeException e) {
            failures.add(e);
        } finally {
            socket.close();
        }
    }

    @Test
    void aPairThatCannotBeUsedIsCountedAndTheOldOneStays() throws IOException {
        try (Node node = node()) {
            Certificate before = shown(node.port(), ca);
            double days = node.metrics().tlsExpiresSeconds().of("http").now() / 86_400;
            assertTrue(days > 1.9 && days <= 2, "" + days);
            Path otherKey = ca.sign("other", "DNS:localhost", 2).key();
            Files.write(place.key(), Files.readAllBytes(otherKey));
            Await.until(
                    "refused by both",
                    () -> node.metrics().tlsReloads().of(TlsReload.REFUSED).total() == 2);
            assertEquals(before, shown(node.port(), ca));
            Files.delete(place.cert());
            Await.until(
                    "a missing file too",
                    () -> node.metrics().tlsReloads().of(TlsReload.REFUSED).total() == 4);
            assertEquals(before, shown(node.adminPort(), ca));
            ca.sign("over", "DNS:localhost", -1).copyTo(place);
            Await.until(
                    "one that is over too",
                    () -> node.metrics().tlsReloads().of(TlsReload.REFUSED).total() == 6);
            serve("good");
            Await.until("the good one", () -> !before.equals(shown(node.port(), ca)));
        }
    }

    @Test
    void aClientHasToShowAGoodCertificateWhereOneIsRequired() throws IOException {
        TestCa.Pair client = ca.sign("till-7", "DNS:till.example", 2);
        TestCa.Pair foreign = TestCa.make(folder, "foreign").sign("stranger", "DNS:till.example", 2);
        TestCa.Pair late = ca.sign("late", "DNS:till.example", -1);
        try (Node node = node(
                "http.tls.clientCa=" + ca.cert(),
                "http.tls.clientAuth=require",
                "http.clientAccounts=dns:till.example=tills")) {
            assertEquals("201 1.1", last(curl(node.port(), "/orders", with(client))));
            for (String[] flags : List.of(new String[0], with(foreign), with(late))) {
                String refused = curl(node.port(), "/orders", flags);
                assertFalse(refused.contains("201"), refused);
            }
            assertEquals("tills", accounts(node));
        }
    }

    @Test
    void aCertificateThatIsAskedForIsTakenOrLeft() throws IOException {
        TestCa.Pair known = ca.sign("till-7", "DNS:till.example", 2);
        TestCa.Pair unknown = ca.sign("till-8", "DNS:other.example", 2);
        TestCa.Pair foreign = TestCa.make(folder, "foreign").sign("stranger", "DNS:till.example", 2);
        try (Node node = node(
                "http.tls.clientCa=" + ca.cert(),
                "http.tls.clientAuth=request",
                "http.clientAccounts=cn:till-7=tills")) {
            assertEquals("201 1.1", last(curl(node.port(), "/orders", with(known))));
            assertEquals("201 1.1", last(curl(node.port(), "/orders")));
            assertEquals("201 1.1", last(curl(node.port(), "/orders", with(unknown))));
            assertFalse(curl(node.port(), "/orders", with(foreign)).contains("201"));
            assertEquals("default,default,tills", accounts(node));
        }
    }

    private static String accounts(Node node) {
        return TestPostgres.queryText(node.database(), "select string_agg(account, ',' order by account) from orders");
    }

    private static String last(String output) {
        return output.substring(output.lastIndexOf('\n') + 1);
    }

    private static String[] with(TestCa.Pair pair) {
        return new String[] {
            "--cert", pair.cert().toString(), "--key", pair.key().toString()
        };
    }
}
