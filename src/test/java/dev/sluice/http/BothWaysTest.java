package dev.sluice.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.metrics.Bound;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two intakes that differ in {@code http.plainWay} alone are sent the same bytes, and answer the same bytes but for ids
 * and times.
 */
@Tag("contract")
@Timeout(120)
class BothWaysTest {

    private static final String JSON = "Host: localhost\r\nContent-Type: application/json\r\n";
    private static final String NEVER = "never";

    private ScriptedNode plain;
    private ScriptedNode general;

    private void start(String... sets) throws Exception {
        start(1L << 30, sets);
    }

    private void start(long memoryBytesMax, String... sets) throws Exception {
        plain = new ScriptedNode(memoryBytesMax, sets);
        general = new ScriptedNode(memoryBytesMax, with(sets, "http.plainWay=false"));
        plain.writer(BothWaysTest::outcomes);
        general.writer(BothWaysTest::outcomes);
    }

    private static String[] with(String[] sets, String more) {
        List<String> all = new ArrayList<>(List.of(sets));
        all.add(more);
        return all.toArray(String[]::new);
    }

    @AfterEach
    void stop() throws Exception {
        plain.close();
        general.close();
    }

    /** What becomes of an order is in its customer's name. */
    private static Future<OutcomeBatch> outcomes(OrderBatch batch) {
        if (batch.orders().stream().anyMatch(order -> order.customerId().equals(NEVER))) {
            return Promise.<OutcomeBatch>promise().future();
        }
        return Future.succeededFuture(new OutcomeBatch(
                batch.orders().stream().map(BothWaysTest::outcome).toList(), 7));
    }

    private static Outcome outcome(Order order) {
        return switch (order.customerId()) {
            case "queued" -> new Outcome.Queued(order, false);
            case "queued-again" -> new Outcome.Queued(order, true);
            case "replayed" -> new Outcome.Replayed(new StoredOrder(order, 1_700_000_000_000_000L));
            case "conflict" -> new Outcome.Conflict();
            case "refused" -> new Outcome.Refused("P0001", "text");
            case "not-stored" -> new Outcome.NotStored("no room");
            case "unknown" -> new Outcome.Unknown("no answer");
            default -> new Outcome.Committed(1_700_000_000_000_001L);
        };
    }

    private static String post(String headers, String body) {
        return "POST /orders HTTP/1.1\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String orderOf(String customer) {
        return HttpSocket.ORDER.replace("\"customerId\":\"c\"", "\"customerId\":\"" + customer + "\"");
    }

    /** Bytes of the corpus as characters. */
    private static List<String> corpus() throws IOException {
        List<String> documents = new ArrayList<>();
        for (String file : List.of("orders-good.ndjson", "orders-bad.ndjson")) {
            try (InputStream in = BothWaysTest.class.getResourceAsStream("/corpus/" + file)) {
                for (String line : new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
                        .lines()
                        .toList()) {
                    String document = file.contains("bad") ? new JsonObject(line).getString("document") : line;
                    documents.add(new String(document.getBytes(UTF_8), ISO_8859_1));
                }
            }
        }
        return documents;
    }

    private static String normal(String answers) {
        return answers.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "{id}")
                .replaceAll("\"acceptedAt\":\"[^\"]+\"", "\"acceptedAt\":{time}")
                .replaceAll("(?m)^date: .*$", "date: {date}")
                .replaceAll("dur=[0-9.]+", "dur={ms}")
                .replaceAll("(?m)^RateLimit: .*$", "RateLimit: {rest}");
    }

    private long takenPlain() {
        assertEquals(0, general.metrics.plainOrders().total());
        return plain.metrics.plainOrders().total();
    }

    /** So many answers to what is sent in one piece, from both; they are the same. */
    private String answers(int count, String bytes) {
        String one = answers(plain, count, bytes);
        assertEquals(normal(answers(general, count, bytes)), normal(one), bytes);
        return one;
    }

    private static String answers(ScriptedNode node, int count, String bytes) {
        try (HttpSocket client = new HttpSocket(node.port)) {
            return client.send(bytes).readRaw(count);
        }
    }

    @Test
    void theWholeCorpusOneByOne() throws Exception {
        start();
        int orders = 0;
        for (String document : corpus()) {
            if (!document.isEmpty()) {
                answers(1, post(JSON, document));
                orders += post(JSON, document).length() <= 4096 ? 1 : 0;
            }
        }
        assertEquals(orders, takenPlain());
    }

    @Test
    void theWholeCorpusPipelined() throws Exception {
        start();
        StringBuilder all = new StringBuilder();
        List<String> corpus = corpus();
        for (String document : corpus) {
            all.append(post(JSON, document));
        }
        answers(corpus.size(), all.toString());
        assertTrue(takenPlain() > 0, "until one is cut, which Vert.x then reads with all that came with it");
    }

    @Test
    void anOrderCutAtEveryByte() throws Exception {
        start();
        String request = post(JSON + "X-Request-Id: r\r\n", orderOf("replayed"));
        assertEquals(cut(general, request), cut(plain, request));
    }

    /** The first parts of all are read before the second ones are sent. */
    private static List<String> cut(ScriptedNode node, String request) {
        List<HttpSocket> clients = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        try {
            for (int cut = 1; cut < request.length(); cut++) {
                HttpSocket client = new HttpSocket(node.port);
                clients.add(client);
                client.send(request.substring(0, cut));
            }
            Await.pause("clients that send slowly", 100);
            for (int cut = 1; cut < request.length(); cut++) {
                clients.get(cut - 1).send(request.substring(cut));
            }
            clients.forEach(client -> answers.add(normal(client.readRaw(1))));
        } finally {
            clients.forEach(HttpSocket::close);
        }
        return answers;
    }

    @ParameterizedTest
    @CsvSource({
        "c, 201",
        "queued, 202",
        "queued-again, 202",
        "replayed, 201",
        "conflict, 422",
        "refused, 422",
        "not-stored, 503",
        "unknown, 503",
        "never, 503",
    })
    void everyOutcome(String customer, int status) throws Exception {
        start();
        String answer = answers(1, post(JSON, orderOf(customer)));
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertEquals(1, takenPlain());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Host: evil.example; 421",
                "Host: a b; 400",
                "X-Nothing: x; 400", // no host at all
                "Host: localhost|Content-Type: text/plain; 415",
                "Host: localhost|Content-Type: application/json,charset=utf-16; 415",
                "Host: 127.0.0.1:8080|Content-Type: application/json|X-Request-Id: ab c; 201",
                "Host: localhost|Content-Type: application/json|Idempotency-Key: \"k\"; 201",
                "Host: localhost|Content-Type: application/json|Idempotency-Key: \"k; 400",
            })
    void everyHeadIsJudgedTheSame(String headers, int status) throws Exception {
        start();
        String lines = headers.replace("|", "\r\n").replace(",charset", ";charset") + "\r\n";
        String answer = answers(1, post(lines, HttpSocket.ORDER));
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertEquals(1, takenPlain());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.serverTiming=true",
                "http.cors.origins=https://shop.example",
                "http.bodyBytesMax=1024",
                "http.headerBytesMax=1024",
                "http.accessLog=true",
                "quota.default.ordersPerSecond=0",
                "quota.default.connections=0",
                "quota.default.bytesPerSecond=1000000000",
            })
    void everySettingHolds(String set) throws Exception {
        start(set);
        answers(
                3,
                post(JSON, orderOf("x".repeat(1100))) + post(JSON, HttpSocket.ORDER) + post(JSON, orderOf("queued")));
        answers(1, post(JSON + "X-Long: " + "x".repeat(1100) + "\r\n", HttpSocket.ORDER));
    }

    @Test
    void aBudgetThatIsUsedUpRefuses() throws Exception {
        start(1_000);
        String answer = answers(1, post(JSON, HttpSocket.ORDER));
        assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
        assertEquals(1, plain.metrics.refused().of(Bound.MEMORY).total());
    }

    @Test
    void anAnswerGivesBackWhatWasReserved() throws Exception {
        start();
        answers(4, post(JSON, HttpSocket.ORDER).repeat(4));
        Await.until("nothing is held", () -> plain.memory.held() == 0);
    }

    @Test
    void aClientThatEndsItsSideIsAnswered() throws Exception {
        start();
        for (ScriptedNode node : List.of(plain, general)) {
            try (HttpSocket client = new HttpSocket(node.port)) {
                client.send(post(JSON, HttpSocket.ORDER).repeat(3)).endOutput();
                assertEquals(3, client.readToTheEnd().split("HTTP/1.1 201 Created", -1).length - 1);
            }
        }
    }

    @Test
    void aClientThatResetsIsForgotten() throws Exception {
        start("http.deadlineMs=20000");
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), plain.port)) {
            client.setSoLinger(true, 0);
            client.getOutputStream().write(post(JSON, orderOf(NEVER)).getBytes(ISO_8859_1));
            Await.state("it is in progress", () -> plain.memory.held() > 0);
        }
        Await.until("nothing is held", () -> plain.memory.held() == 0);
        assertEquals(0, plain.metrics.refused().of(Bound.HTTP_DEADLINE).total());
        assertEquals(1, plain.metrics.refused().of(Bound.CLIENT_RESET).total());
    }

    @Test
    void theHttpDeadlineHolds() throws Exception {
        start();
        String answer = answers(1, post(JSON, orderOf(NEVER)));
        assertTrue(answer.contains("outcome_unknown"), answer);
        assertEquals(1, plain.metrics.refused().of(Bound.HTTP_DEADLINE).total());
    }

    /** What is behind an order on its connection has its own way, and the order after it its own again. */
    @Test
    void bothWaysTakeTurnsOnAConnection() throws Exception {
        start();
        String chunked = "POST /orders HTTP/1.1\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(HttpSocket.ORDER.length()) + "\r\n" + HttpSocket.ORDER + "\r\n0\r\n\r\n";
        answers(
                5,
                post(JSON, HttpSocket.ORDER) + chunked + post(JSON, orderOf("queued"))
                        + "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n" + post(JSON, orderOf("conflict")));
        assertEquals(1, takenPlain(), "of what comes in one read, only the first: Vert.x has read the rest");
    }

    @Test
    void anOrderAfterAnAnswerIsPlainAgain() throws Exception {
        start();
        for (ScriptedNode node : List.of(plain, general)) {
            try (HttpSocket client = new HttpSocket(node.port)) {
                client.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n").readRaw(1);
                for (int i = 0; i < 3; i++) {
                    assertEquals(
                            201,
                            client.send(post(JSON, HttpSocket.ORDER)).read().status());
                }
            }
        }
        assertEquals(3, takenPlain());
    }
}
