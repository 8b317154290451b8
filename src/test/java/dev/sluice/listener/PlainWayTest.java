package dev.sluice.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes, and however it is cut, both ways together read the requests that the general way alone reads. */
class PlainWayTest {

    private static final String ORDER = "{\"customerId\":\"c\",\"currency\":\"EUR\"}";
    private static final String USUAL = "Host: localhost\r\nContent-Type: application/json\r\n";

    private static String post(String headers, String body) {
        return "POST /orders HTTP/1.1\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static List<String> orders() {
        List<String> orders = new ArrayList<>();
        for (String file : List.of("orders-good.ndjson", "orders-bad.ndjson")) {
            try (InputStream in = PlainWayTest.class.getResourceAsStream("/corpus/" + file)) {
                String text = new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
                text.lines().forEach(line -> orders.add(new String(line.getBytes(UTF_8), ISO_8859_1)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return orders;
    }

    private static List<String> onBothWays(String... reads) {
        DecodedRequests both = DecodedRequests.onBothWays();
        List.of(reads).forEach(both::send);
        List<String> all = both.all();
        both.end();
        return all;
    }

    private static List<String> onTheGeneralWay(String bytes) {
        DecodedRequests general = DecodedRequests.onTheGeneralWay().send(bytes);
        general.end();
        return List.copyOf(general.read);
    }

    @Test
    void aWholePlainOrderIsTaken() {
        DecodedRequests both = DecodedRequests.onBothWays().send(post(USUAL, ORDER));
        assertEquals(1, both.plain);
        assertEquals(onTheGeneralWay(post(USUAL, ORDER)), both.all());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "User-Agent: curl/8\r\nAccept: */*\r\n",
                "X-Forwarded-For: 10.0.0.1, 10.0.0.2\r\nX-Forwarded-Proto: https\r\nVia: 1.1 proxy\r\n",
                "X-Request-Id: r-1\r\n",
                "Idempotency-Key: \"k 1\"\r\n",
                "Authorization: Bearer slk_x\r\n",
                "Connection: Keep-Alive\r\n",
                "accept-encoding:gzip\r\n",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n",
            })
    void headersThatMeanNothingToTheReadingPass(String headers) {
        String request = post(headers + USUAL, ORDER);
        DecodedRequests both = DecodedRequests.onBothWays().send(request);
        assertEquals(1, both.plain);
        assertEquals(onTheGeneralWay(request), both.all());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n",
                "Content-Encoding: gzip\r\n",
                "Expect: 100-continue\r\n",
                "Upgrade: h2c\r\n",
                "Connection: close\r\n",
                "Connection: keep-alive, close\r\n",
                "CONNECTION: close\r\n",
                "Origin: https://shop.example\r\n",
                "sec-fetch-site: cross-site\r\n",
                "Host: other\r\n",
                "host: localhost\r\n",
                "Content-Type: text/plain\r\n",
                "Content-Length: 1\r\n",
                "content-length: 0\r\n",
                "X-A: 1\r\nx-a: 2\r\n",
                "X-A : 1\r\n",
                "X-A:  1\r\n",
                "X-A: 1 \r\n",
                "X-A:\r\n",
                "X-A: \t1\r\n",
                "X-A: 1\n",
                "X-A: \u00e9\r\n",
                "X-A: 1\r\n folded\r\n",
                "X_A: 1\r\n",
                ": 1\r\n",
                "X\0A: 1\r\n",
                "TE: trailers\r\n",
            })
    void everyOtherHeaderMakesItGeneral(String headers) {
        String request = post(USUAL + headers, ORDER);
        DecodedRequests both = DecodedRequests.onBothWays().send(request);
        assertEquals(0, both.plain);
        assertEquals(onTheGeneralWay(request), both.all());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /orders HTTP/1.1\r\n",
                "POST /orders/batch HTTP/1.1\r\n",
                "POST /orders?timing=1 HTTP/1.1\r\n",
                "POST /orders HTTP/1.0\r\n",
                "POST  /orders HTTP/1.1\r\n",
                "POST /orders HTTP/1.1\n",
                "\r\nPOST /orders HTTP/1.1\r\n",
                "post /orders HTTP/1.1\r\n",
                "POST http://localhost/orders HTTP/1.1\r\n",
                "PoST /orders HTTP/1.1\r\n",
            })
    void everyOtherLineMakesItGeneral(String line) {
        String request = post(USUAL, ORDER).replace("POST /orders HTTP/1.1\r\n", line);
        DecodedRequests both = DecodedRequests.onBothWays().send(request);
        assertEquals(0, both.plain);
        assertEquals(onTheGeneralWay(request), both.all());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Xength", "content-mength", "Content-oype", "Hosts", "Xost", "Content-Length-"})
    void aNameThatLooksLikeAnotherIsItself(String name) {
        String request = "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n" + name + ": 5\r\n\r\n";
        assertEquals(1, onTheGeneralWay(request).size(), "no body belongs to it");
        assertTrue(onTheGeneralWay(request).get(0).contains(name.toLowerCase(Locale.ROOT) + "=5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r ", "\r\t", "\n ", "\r\n ", "\0 ", "\u007f ", "\r\r "})
    void whiteSpaceBeforeALineIsRefusedHoweverItIsCut(String before) {
        String bytes = post(USUAL, ORDER) + before + post(USUAL, ORDER);
        List<String> expected = onTheGeneralWay(bytes);
        assertEquals("refused", expected.get(1));
        for (int cut = 0; cut <= bytes.length(); cut++) {
            assertEquals(expected, onBothWays(bytes.substring(0, cut), bytes.substring(cut)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1", "-1", "01", "0", "1x", "0x1", "99999", "1,1", "1 1", ""})
    void everyOtherLengthMakesItGeneral(String length) {
        String request = "POST /orders HTTP/1.1\r\n" + USUAL + "Content-Length: " + length + "\r\n\r\n" + ORDER;
        DecodedRequests both = DecodedRequests.onBothWays().send(request);
        assertEquals(0, both.plain);
        both.all();
        both.end();
        assertEquals(onTheGeneralWay(request), both.read);
    }

    @Test
    void headAndBodyHaveABound() {
        String head = post(USUAL, "x".repeat(1000)).replace("x", "");
        String most = "x".repeat(4096 - head.length());
        assertEquals(1, DecodedRequests.onBothWays().send(post(USUAL, most)).plain);
        assertEquals(0, DecodedRequests.onBothWays().send(post(USUAL, most + "x")).plain);
        assertEquals(onTheGeneralWay(post(USUAL, most + "x")), onBothWays(post(USUAL, most + "x")));
    }

    @Test
    void everyOrderOfTheCorpusCutAtEveryByteIsReadTheSame() {
        for (String order : orders()) {
            String request = post(USUAL, order);
            List<String> expected = onTheGeneralWay(request);
            for (int cut = 0; cut <= request.length(); cut++) {
                assertEquals(expected, onBothWays(request.substring(0, cut), request.substring(cut)));
            }
        }
    }

    @Test
    void pipelinedOrdersCutAtEveryByteAreReadInTheirOrder() {
        List<String> orders = orders();
        for (int i = 0; i < orders.size(); i++) {
            String other = orders.get((i + 7) % orders.size());
            String requests = post(USUAL, orders.get(i)) + "GET /orders/x HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + post("Expect: 100-continue\r\n" + USUAL, other) + post(USUAL, other);
            List<String> expected = onTheGeneralWay(requests);
            assertEquals(4, expected.size());
            for (int cut = i % 3; cut <= requests.length(); cut += 3) {
                assertEquals(expected, onBothWays(requests.substring(0, cut), requests.substring(cut)));
            }
        }
    }

    /** Bytes of headers and lines that are well-formed, nearly well-formed or not at all. */
    private static final String[] PIECES = {
        "POST /orders HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\n",
        "Host: localhost\r\n",
        "Content-Type: application/json\r\n",
        "Content-Length: 4\r\n",
        "Content-Length: 12\r\n",
        "Transfer-Encoding: chunked\r\n",
        "X-A: b\r\n",
        "x-a: c\r\n",
        "Connection: keep-alive\r\n",
        "Connection: close\r\n",
        "Expect: 100-continue\r\n",
        "\r\n",
        "\r\n{}\r\n",
        "{}{}",
        "4\r\n{}{}\r\n0\r\n\r\n",
        " ",
        "\t",
        "\r",
        "\n",
        ":",
        "\0",
        "\u00ff",
        "Host:a\r\n",
        "Origin: null\r\n"
    };

    @Test
    void anythingInAnyPiecesIsReadTheSame() {
        long seed = Long.getLong("sluice.fuzz.seed", System.nanoTime());
        System.out.println("fuzz: plain way, seed " + seed + " (-Dsluice.fuzz.seed=" + seed + ")");
        Random random = new Random(seed);
        int plain = 0;
        for (int run = 0; run < 20_000; run++) {
            String bytes = bytes(random);
            DecodedRequests both = DecodedRequests.onBothWays();
            for (int from = 0; from < bytes.length(); ) {
                int to = Math.min(bytes.length(), from + 1 + random.nextInt(random.nextBoolean() ? 400 : 30));
                both.send(bytes.substring(from, to));
                from = to;
                if (random.nextBoolean()) {
                    both.answer();
                }
            }
            DecodedRequests general = DecodedRequests.onTheGeneralWay().send(bytes);
            if (random.nextBoolean()) {
                both.endInput();
                general.endInput();
            }
            both.all();
            both.end();
            general.end();
            plain += both.plain;
            assertEquals(
                    general.read,
                    both.read,
                    () -> "seed " + seed + ": " + bytes.replace("\r", "\\r").replace("\n", "\\n"));
        }
        assertTrue(plain > 3_000, "plain orders: " + plain);
    }

    private static String bytes(Random random) {
        StringBuilder bytes = new StringBuilder("POST ".substring(0, random.nextInt(8) == 0 ? 5 : 0));
        for (int i = random.nextInt(4); i >= 0; i--) {
            if (random.nextInt(3) > 0) {
                String headers = random.nextBoolean() ? USUAL : "X-B: " + random.nextInt(100) + "\r\n" + USUAL;
                bytes.append(post(headers, ORDER.substring(0, 1 + random.nextInt(ORDER.length()))));
            } else {
                for (int n = random.nextInt(12); n > 0; n--) {
                    bytes.append(PIECES[random.nextInt(PIECES.length)]);
                }
            }
        }
        if (random.nextInt(3) == 0 && bytes.length() > 0) {
            bytes.setCharAt(random.nextInt(bytes.length()), (char) random.nextInt(256));
        }
        return bytes.toString();
    }

    @Test
    void whatFollowsWaitsForTheAnswer() {
        DecodedRequests both = DecodedRequests.onBothWays().send(post(USUAL, ORDER) + post(USUAL, ORDER));
        assertEquals(1, both.read.size());
        assertTrue(both.isAwaited(), "more has come");
        both.send(post(USUAL, "x"));
        assertEquals(1, both.read.size());
        both.answer();
        assertEquals(2, both.read.size());
        both.answer();
        assertEquals(3, both.read.size());
        assertFalse(both.isAwaited());
        assertEquals(3, both.plain);
    }

    @Test
    void aClientThatSendsOnIsNotReadBeyondABound() {
        DecodedRequests both = DecodedRequests.onBothWays().send(post(USUAL, ORDER));
        int sent = 0;
        while (both.reads() && sent < 1_000) {
            both.send(post(USUAL, ORDER).repeat(20));
            sent += 20;
        }
        assertTrue(sent * post(USUAL, ORDER).length() < 24 * 1024, "orders read ahead: " + sent);
        both.answer();
        assertTrue(both.reads(), "it is read again");
        assertEquals(1 + sent, both.all().size());
    }

    @Test
    void theEndOfTheInputComesBehindIt() {
        String half = post(USUAL, ORDER).substring(0, 60);
        DecodedRequests both =
                DecodedRequests.onBothWays().send(post(USUAL, ORDER) + half).endInput();
        DecodedRequests general = DecodedRequests.onTheGeneralWay()
                .send(post(USUAL, ORDER) + half)
                .endInput();
        assertEquals(1, both.read.size());
        assertEquals(general.read, both.all());
        assertEquals(2, both.read.size(), "the half head is refused");
    }

    @Test
    void aClosedWayTakesNothingMore() {
        DecodedRequests both = DecodedRequests.onBothWays().send(post(USUAL, ORDER));
        both.closePlainWay();
        both.send(post(USUAL, ORDER));
        both.answer();
        assertEquals(1, both.plain);
        assertEquals(2, both.read.size());
    }
}
