package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.Commands;
import dev.sluice.rig.Http2Socket;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestCa;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole node that speaks HTTP/2, asked by the clients that people have, and stopped under their load. */
@Tag("process")
@Timeout(180)
class Http2NodeTest {

    private static final String JSON = "application/json";

    @TempDir
    Path folder;

    private TestCa ca;
    private TestCa.Pair pair;

    @BeforeEach
    void makeCa() {
        ca = TestCa.make(folder, "ca");
        pair = ca.sign("listener", "DNS:localhost,IP:127.0.0.1", 2);
        Commands.run("chmod", "600", pair.key().toString());
    }

    private static Node clear(String... sets) {
        return Node.start(
                TestPostgres.freshDatabase(),
                Stream.concat(Stream.of("http.http2=true"), Stream.of(sets)).toArray(String[]::new));
    }

    private Node secured(String... sets) {
        Stream<String> tls = Stream.of("http", "admin")
                .flatMap(listener ->
                        Stream.of(listener + ".tls.cert=" + pair.cert(), listener + ".tls.key=" + pair.key()));
        return clear(Stream.concat(tls, Stream.of(sets)).toArray(String[]::new));
    }

    private java.net.http.HttpClient javaClient() {
        return java.net.http.HttpClient.newBuilder()
                .sslContext(ca.context(null))
                .build();
    }

    private static HttpRequest.Builder to(Node node, String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + node.port() + path));
    }

    private static HttpRequest order(Node node, String key) {
        return to(node, "/orders")
                .header("Content-Type", JSON)
                .POST(BodyPublishers.ofString(TestOrders.document(key)))
                .build();
    }

    @Test
    void javasClientChoosesItByAlpn() throws Exception {
        try (Node node = secured()) {
            java.net.http.HttpClient client = javaClient();
            HttpResponse<String> stored = client.send(order(node, "j-1"), BodyHandlers.ofString());
            assertEquals(201, stored.statusCode());
            assertEquals(java.net.http.HttpClient.Version.HTTP_2, stored.version());
            String place = stored.headers().firstValue("location").orElseThrow();
            HttpResponse<String> found = client.send(to(node, place).build(), BodyHandlers.ofString());
            assertEquals(stored.body(), found.body());
            String lines = IntStream.range(0, 3_000)
                    .mapToObj(i -> TestOrders.document("jb-" + i))
                    .collect(Collectors.joining("\n"));
            HttpResponse<String> bulk = client.send(
                    to(node, "/orders/batch")
                            .header("Content-Type", "application/x-ndjson")
                            .POST(BodyPublishers.ofString(lines))
                            .build(),
                    BodyHandlers.ofString());
            assertEquals(201, bulk.statusCode());
            assertEquals(3_000, bulk.body().lines().count());
            HttpResponse<byte[]> page =
                    client.send(to(node, "/docs/swagger-ui-bundle-5.34.1.js").build(), BodyHandlers.ofByteArray());
            assertEquals(page.headers().firstValueAsLong("content-length").orElseThrow(), page.body().length);
            assertEquals("3001", node.rows("j%"));
        }
    }

    @Test
    void aBodyThatIsTooLargeIsAnsweredAndOtherStreamsGoOn() throws Exception {
        try (Node node = secured()) {
            java.net.http.HttpClient client = javaClient();
            CompletableFuture<HttpResponse<String>> large = client.sendAsync(
                    to(node, "/orders")
                            .header("Content-Type", JSON)
                            .POST(BodyPublishers.ofString(" ".repeat(100_000)))
                            .build(),
                    BodyHandlers.ofString());
            List<CompletableFuture<HttpResponse<String>>> orders = IntStream.range(0, 300)
                    .mapToObj(i -> client.sendAsync(order(node, "s-" + i), BodyHandlers.ofString()))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> one : orders) {
                assertEquals(201, one.get().statusCode());
            }
            assertEquals(413, large.get().statusCode());
            assertEquals("300", node.rows("s-%"));
        }
    }

    @Test
    void vertxsClientBeginsWithItInTheClear() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Node node = clear()) {
            HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(io.vertx.core.http.HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false));
            List<io.vertx.core.Future<JsonObject>> orders = IntStream.range(0, 500)
                    .mapToObj(i -> client.request(HttpMethod.POST, node.port(), "localhost", "/orders")
                            .compose(request -> request.putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                                    .send(TestOrders.document("v-" + i)))
                            .compose(response -> {
                                assertEquals(io.vertx.core.http.HttpVersion.HTTP_2, response.version());
                                assertEquals(201, response.statusCode());
                                return response.body().map(body -> new JsonObject(body));
                            }))
                    .toList();
            for (io.vertx.core.Future<JsonObject> one : orders) {
                assertEquals("committed", Await.result(one).getString("status"));
            }
            assertEquals("500", node.rows("v-%"));
        } finally {
            Await.result(vertx.close());
        }
    }

    private String curl(String url, String... flags) throws IOException {
        Path order = Files.writeString(folder.resolve("order.json"), TestOrders.document(null));
        List<String> line = new ArrayList<>(
                List.of("curl", "-sS", "-m", "10", "--cacert", ca.cert().toString()));
        line.addAll(List.of(flags));
        if (url.endsWith("/orders")) {
            line.addAll(List.of("-H", "Content-Type: application/json", "--data-binary", "@" + order));
        }
        line.addAll(List.of("-w", "\n%{http_code} %{http_version}", url));
        return Commands.output(line.toArray(String[]::new));
    }

    @Test
    void curlSubmitsAnOrder() throws IOException {
        assumeTrue(Commands.output("curl", "--version").contains("HTTP2"), "this curl speaks no HTTP/2");
        try (Node node = secured()) {
            String byAlpn = curl("https://localhost:" + node.port() + "/orders");
            assertTrue(byAlpn.endsWith("\n201 2"), byAlpn);
            String older = curl("https://localhost:" + node.port() + "/orders", "--http1.1");
            assertTrue(older.endsWith("\n201 1.1"), older);
            String admin = curl("https://localhost:" + node.adminPort() + "/readyz", "--http2");
            assertTrue(admin.endsWith("\n200 1.1"), admin);
        }
        try (Node node = clear()) {
            String known = curl("http://localhost:" + node.port() + "/orders", "--http2-prior-knowledge");
            assertTrue(known.endsWith("\n201 2"), known);
            String upgraded = curl("http://localhost:" + node.port() + "/orders", "--http2");
            assertTrue(upgraded.endsWith("\n201 1.1"), "an Upgrade is left alone: " + upgraded);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-alpn h2, ALPN protocol: h2",
        "'-alpn http/1.1,h2', ALPN protocol: h2",
        "-alpn http/1.1, ALPN protocol: http/1.1",
        "-alpn spdy/3, No ALPN negotiated",
        "-tls1_2 -alpn h2, ALPN protocol: h2",
        "-tls1_3, No ALPN negotiated"
    })
    void opensslHearsWhatIsSpoken(String flags, String said) {
        try (Node node = secured()) {
            String output = Commands.output(
                    ("openssl s_client -connect 127.0.0.1:" + node.port() + " " + flags).split(" ", -1));
            assertTrue(output.contains(said), output);
            String admin = Commands.output(
                    ("openssl s_client -connect 127.0.0.1:" + node.adminPort() + " " + flags).split(" ", -1));
            assertTrue(admin.contains("No ALPN negotiated"), admin);
        }
    }

    /** A client that hears that a connection ends begins no stream more, and is answered what it has sent. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void aStopUnderLoadResetsNoStream(int atOnce) throws Exception {
        try (Node node = clear("http.instances=2")) {
            ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
            AtomicInteger committed = new AtomicInteger();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String tag = "stop-" + i + "-";
                Thread client = new Thread(() -> submitUntilTheEnd(node, tag, atOnce, committed, failures));
                client.start();
                clients.add(client);
            }
            Await.until("they are under way", () -> committed.get() > 600 || !failures.isEmpty());
            node.stop();
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            assertEquals(Integer.toString(committed.get()), node.rows("stop-%"));
        }
    }

    private static void submitUntilTheEnd(
            Node node, String tag, int atOnce, AtomicInteger committed, ConcurrentLinkedQueue<Throwable> failures) {
        try (Http2Socket client = Http2Socket.open(node.port())) {
            int next = 1;
            while (!client.isGoingAway()) {
                client.window(0, 1 << 16);
                int first = next;
                for (int i = 0; i < atOnce; i++) {
                    client.post(next, TestOrders.document(tag + next));
                    next += 2;
                }
                for (int id = first; id < next; id += 2) {
                    int status = client.answer(id).status();
                    assertTrue(status == 201 || status == 503, "status " + status);
                    committed.addAndGet(status == 201 ? 1 : 0);
                }
            }
            assertEquals(Http2Socket.NO_ERROR, client.endCode());
        } catch (Throwable failed) {
            failures.add(failed);
        }
    }
}
