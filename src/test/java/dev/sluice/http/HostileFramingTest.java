package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no HTTP, or HTTP that two readers could read in two ways: refused, told why, and ended. */
@Tag("contract")
class HostileFramingTest {

    private static final String JSON = "Content-Type: application/json\r\n";

    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start(TestPostgres.freshDatabase(), "http.instances=1");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** Whatever happened before, the next client is served at once and no connection is left behind. */
    @AfterEach
    void othersAreUnhurt() {
        assertTimeout(Duration.ofSeconds(3), () -> {
            try (HttpSocket client = new HttpSocket(node.port())) {
                assertEquals(
                        201,
                        client.send(HttpSocket.post("", HttpSocket.ORDER))
                                .read()
                                .status());
            }
        });
    }

    private static void assertRefused(int status, String request) {
        assertRefused(status, request.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private static void assertRefused(int status, byte[] request) {
        try (HttpSocket client = new HttpSocket(node.port())) {
            Reply reply = client.send(request).read();
            assertEquals(status, reply.status(), reply.body());
            assertEquals("application/problem+json", reply.header("content-type"));
            assertEquals(status, reply.json().getInteger("status"));
            assertTrue(reply.isLast(), "must say that it closes");
            assertTrue(client.isEnded(), "must answer once and end in order");
        }
    }

    @Test
    void aRequestWithTwoLengthsIsRefused() {
        String order = HttpSocket.ORDER;
        assertRefused(400, HttpSocket.post("Transfer-Encoding: chunked\r\n", order));
        assertRefused(400, HttpSocket.post("Content-Length: 7\r\n", order));
        assertRefused(400, HttpSocket.post("Content-Length: " + order.length() + "\r\n", order));
        assertRefused(400, HttpSocket.post("", order).replace("Content-Length: ", "Content-Length: 1, "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+5", "0x10", "1e3", "", " ", "99999999999999999999", "12 34", "1;2"})
    void aLengthThatIsNoNumberIsRefused(String length) {
        assertRefused(
                400,
                "POST /orders HTTP/1.1\r\nHost: localhost\r\n" + JSON + "Content-Length: " + length + "\r\n\r\n{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"chunked, chunked", "chunked, identity", "gzip", "xchunked", "chunked;q=1", "\u000bchunked"})
    void aTransferEncodingThatIsNotChunkedIsRefused(String encoding) {
        assertRefused(
                400,
                "POST /orders HTTP/1.1\r\nHost: localhost\r\n" + JSON + "Transfer-Encoding: " + encoding
                        + "\r\n\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "identity, chunked", "identity,chunked"})
    void aCodingBesideChunkedIsNotImplemented(String encoding) {
        assertRefused(
                501,
                "POST /orders HTTP/1.1\r\nHost: localhost\r\n" + JSON + "Transfer-Encoding: " + encoding
                        + "\r\n\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//orders", "/%6frders", "/./orders", "/orders/", "/x/../orders", "/orders/."})
    void aPathHasOneSpelling(String path) {
        try (HttpSocket client = new HttpSocket(node.port())) {
            Reply reply = client.send(
                            "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + JSON + "Content-Length: 2\r\n\r\n{}")
                    .read();
            assertEquals(404, reply.status(), reply.body());
        }
    }

    /** Vert.x looks at some letters of a name only; a proxy in front passes such a header on, and the body belongs to none. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Xength", "content-mength", "Content-oype", "Hosts", "Xost", "Content-Length-"})
    void aNameThatLooksLikeAnotherIsItself(String name) {
        try (HttpSocket client = new HttpSocket(node.port())) {
            String absent = "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n";
            client.send(absent + name + ": 5\r\n\r\n" + absent + "\r\n");
            assertEquals(404, client.read().status());
            assertEquals(404, client.read().status(), "no body belongs to the first");
        }
    }

    @Test
    void pipelinedOrdersCutAtEveryByteAreAnsweredInTheirOrder() {
        String requests = HttpSocket.post("", HttpSocket.ORDER)
                + "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n\r\n"
                + HttpSocket.post("", "{}");
        try (HttpSocket client = new HttpSocket(node.port())) {
            for (int cut = 0; cut <= requests.length(); cut++) {
                client.send(requests.substring(0, cut)).send(requests.substring(cut));
                for (int status : new int[] {201, 404, 400}) {
                    assertEquals(status, client.read().status(), "cut at " + cut);
                }
            }
        }
    }

    /** Without an announced body, eight bytes behind such a head are the next request, as any other reader sees it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"Sec-WebSocket-Key: a\r\nSec-WebSocket-Key2: b", "Upgrade: websocket\r\nConnection: upgrade"})
    void whatIsBehindAHeadWithoutALengthIsTheNextRequest(String headers) {
        try (HttpSocket client = new HttpSocket(node.port())) {
            String get = "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n";
            client.send(get + headers + "\r\n\r\n" + get + "\r\n");
            assertEquals(404, client.read().status());
            assertEquals(404, client.read().status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TE, close",
                "keep-alive, close",
                "close",
                "keep-alive,CLOSE",
                "keep-alive\r\nConnection: close",
                "keep-alive, TE\r\nConnection: upgrade, close",
                ", close ,"
            })
    void closeWinsInTheListOfAConnectionOnBothListeners(String options) {
        for (int port : new int[] {node.port(), node.adminPort()}) {
            try (HttpSocket client = new HttpSocket(port)) {
                Reply reply = client.send(
                                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nConnection: " + options + "\r\n\r\n")
                        .read();
                assertEquals(404, reply.status(), reply.body());
                assertTrue(reply.isLast(), "must say so");
                assertTrue(client.isEnded(), "the connection ends");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "closed", "keep-alive, x-close", "TE"})
    void otherOptionsOfAConnectionDoNotEndIt(String options) {
        for (int port : new int[] {node.port(), node.adminPort()}) {
            try (HttpSocket client = new HttpSocket(port)) {
                String get = "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nConnection: " + options + "\r\n\r\n";
                for (int i = 0; i < 2; i++) {
                    Reply reply = client.send(get).read();
                    assertEquals(404, reply.status(), reply.body());
                    assertFalse(reply.isLast());
                }
            }
        }
    }

    @Test
    void everyAnswerHasADate() {
        for (String request : List.of(
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "no\r\n\r\n")) {
            try (HttpSocket client = new HttpSocket(node.port())) {
                String date = client.send(request).read().header("date");
                Duration age = Duration.between(
                        ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant(),
                        Instant.now());
                assertTrue(Math.abs(age.toSeconds()) < 60, date);
            }
        }
    }

    @Test
    void chunkedInHttp10IsRefused() {
        assertRefused(400, "POST /orders HTTP/1.0\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /orders/x HTTP/1.1\nHost: localhost\n\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA: b\rC: d\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA: b\u0000c\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA\u0000: b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA : b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n: b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA: b\u0007\r\n\r\n",
                "GET /orders/\u0000 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/\u00e4 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/x\r\nHost: localhost\r\n\r\n",
                "GET  HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/x HTTP/1.1 \r\nHost: localhost\r\n\r\n",
                "GET /orders/x HTTP/1.1 x\r\nHost: localhost\r\n\r\n",
                "GET\r\n\r\n",
                "hello\r\n\r\n",
                "G\u0000T /orders/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/x XTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/x http/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nHost: y\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: a,b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: user@a\r\n\r\n",
                "GET\t/orders/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/x\tHTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/x\rHTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET  /orders/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA: b\r\n\tc\r\nD: e\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA:\r\n b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n \r\n\r\n",
                "GET /orders/x HTTP/1.1\r\n Host: localhost\r\nHost: localhost\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\n\tA: b\r\nHost: localhost\r\n\r\n",
                "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n chunked\r\n\r\n{}",
                "\r\n GET /orders/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA\t: b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA b: c\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n\rA: b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA: b\nC: d\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA: b\u007fc\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA\u00e4: b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\u0000y\r\n\r\n",
                "GET /orders/x#y HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders?clientOrderId=k#y HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET # HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET http://localhost#/orders/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nSec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: b\r\n\r\n",
                "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nsec-websocket-key2: b\r\nsec-websocket-KEY1: a\r\n\r\n"
            })
    void aHeadThatIsNoHttpIsRefused(String head) {
        assertRefused(400, head);
    }

    /** Bytes that come one by one, and a second request on a connection, are held to the same. */
    @Test
    void aFoldedHeaderIsRefusedWhereverTheBytesAreCut() {
        String get = "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String folded = "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n";
        for (int cut = 1; cut < folded.length(); cut++) {
            try (HttpSocket client = new HttpSocket(node.port())) {
                assertEquals(404, client.send(get).read().status());
                client.send(folded.substring(0, cut));
                Reply reply = client.send(folded.substring(cut)).read();
                assertEquals(400, reply.status(), cut + " bytes first: " + reply.body());
            }
        }
        assertEquals(404, ask(get));
    }

    private static int ask(String request) {
        try (HttpSocket client = new HttpSocket(node.port())) {
            return client.send(request).read().status();
        }
    }

    /** Lines of a body may begin as they like, wherever they are cut. */
    @Test
    void aBodyMayBeginItsLinesWithWhiteSpace() {
        String order = HttpSocket.ORDER.replace(",", "\r\n ,\r\n\t");
        String post = HttpSocket.post("", order);
        String chunked = post.substring(0, post.indexOf("Content-Length"))
                + "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(order.length()) + "\r\n" + order + "\r\n0\r\n\r\n";
        for (String request : List.of(post, chunked)) {
            for (int cut = 1; cut < request.length(); cut += 2) {
                try (HttpSocket client = new HttpSocket(node.port())) {
                    client.send(request.substring(0, cut));
                    Reply reply = client.send(request.substring(cut) + request).read();
                    assertEquals(201, reply.status(), reply.body());
                    assertEquals(201, client.read().status());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.2", "HTTP/2.0", "HTTP/3", "HTTP/0.9", "HTTP/11.1"})
    void aVersionThatIsNotSpokenIsRefused(String version) {
        assertRefused(505, "GET /orders/x " + version + "\r\nHost: localhost\r\n\r\n");
    }

    @Test
    void theHttp2PrefaceIsRefused() {
        assertRefused(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    @Test
    void aRequestLineBeyondItsBoundIsRefused() {
        assertRefused(414, "GET /orders/" + "x".repeat(4096) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertRefused(414, "x".repeat(100_000));
    }

    @Test
    void headersBeyondTheirBoundAreRefused() {
        assertRefused(431, "GET /orders/x HTTP/1.1\r\nHost: localhost\r\nA: " + "x".repeat(8192) + "\r\n\r\n");
        assertRefused(431, "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n" + "A: b\r\n".repeat(5_000) + "\r\n");
        assertRefused(431, "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n" + "A: b\r\n".repeat(300_000));
    }

    @Test
    void headersUpToTheirBoundAreRead() {
        try (HttpSocket client = new HttpSocket(node.port())) {
            String head =
                    "GET /orders/" + "x".repeat(4_000) + " HTTP/1.1\r\nHost: localhost\r\nA: " + "x".repeat(8_000);
            assertEquals(404, client.send(head + "\r\n\r\n").read().status());
        }
    }

    @Test
    void theAbsoluteFormIsReadLikeAPath() {
        try (HttpSocket client = new HttpSocket(node.port())) {
            String post = HttpSocket.post("", HttpSocket.ORDER).replace("/orders", "http://localhost:99/orders");
            assertEquals(201, client.send(post).read().status());
            assertEquals(
                    302,
                    client.send(HttpSocket.get("http://localhost")).read().status(),
                    "an empty path is /, which leads to the documentation");
            Reply asterisk = client.send(HttpSocket.get("*")).read();
            assertEquals(404, asterisk.status());
            assertEquals("application/problem+json", asterisk.header("content-type"));
            assertEquals(
                    404,
                    client.send("CONNECT elsewhere:99 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .read()
                            .status());
        }
    }

    @ParameterizedTest
    @CsvSource({"'Connection: keep-alive\r\n', false", "'', true"})
    void http10IsSpoken(String headers, boolean ends) {
        try (HttpSocket client = new HttpSocket(node.port())) {
            String post = HttpSocket.post(headers, HttpSocket.ORDER).replace("HTTP/1.1\r\nHost: localhost", "HTTP/1.0");
            Reply reply = client.send(post).read();
            assertEquals(201, reply.status());
            if (ends) {
                assertTrue(client.isEnded());
            } else {
                assertEquals(201, client.send(post).read().status());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "\u0000",
                "{\"a\":1}",
                "\u0004x"
            })
    void whatBeginsNoRequestIsEndedAtOnce(String bytes) {
        try (HttpSocket client = new HttpSocket(node.port())) {
            assertTimeout(
                    Duration.ofSeconds(3), () -> assertTrue(client.send(bytes).isEnded()));
        }
    }

    @Test
    void noiseIsRefusedOrEnded() {
        Random random = new Random(42);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(1, 20_000)];
            random.nextBytes(noise);
            noise[0] = 'A';
            try (HttpSocket client = new HttpSocket(node.port())) {
                client.sendUntilRefused(noise, noise.length);
                client.endOutput().readToTheEnd();
            }
        }
    }

    @Test
    void aRequestThatIsCutAnywhereDoesNoHarm() {
        String whole = HttpSocket.post("", HttpSocket.ORDER);
        for (int length = 0; length < whole.length(); length += 3) {
            try (HttpSocket client = new HttpSocket(node.port())) {
                client.send(whole.substring(0, length)).endOutput();
                client.readToTheEnd();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80000000\r\n",
                "FFFFFFFFFFFFFFFFFF\r\n",
                "-1\r\n",
                "xyz\r\n",
                " 5\r\n",
                "\r\n",
                "5\n{\"a\":\n",
                "5;a\u0000\r\n",
                "2\r\n{}XX"
            })
    void aChunkThatIsNoneIsRefused(String chunk) {
        assertRefused(
                400,
                "POST /orders HTTP/1.1\r\nHost: localhost\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n" + chunk
                        + "\r\n0\r\n\r\n");
    }

    @Test
    void aChunkExtensionIsSkippedAndAnEndlessOneRefused() {
        String head = "POST /orders HTTP/1.1\r\nHost: localhost\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n";
        String size = Integer.toHexString(HttpSocket.ORDER.length());
        try (HttpSocket client = new HttpSocket(node.port())) {
            client.send(head + size + ";name=value\r\n" + HttpSocket.ORDER + "\r\n0\r\nTrailer: x\r\n\r\n");
            assertEquals(201, client.read().status());
        }
        assertRefused(400, head + size + ";" + "x".repeat(100_000));
        assertRefused(400, head + size + "\r\n" + HttpSocket.ORDER + "\r\n0\r\n" + "A: b\r\n".repeat(50_000));
    }
}
