package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.OrderId;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a well-meaning client can ask, and what it hears where it is mistaken. */
@Tag("contract")
class RequestsTest {

    private static final String KEYED =
            HttpSocket.ORDER.replace("{\"customerId", "{\"clientOrderId\":\"%s\",\"customerId");

    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start(TestPostgres.freshDatabase());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Reply ask(String request) {
        try (HttpSocket client = new HttpSocket(node.port())) {
            return client.send(request).read();
        }
    }

    private static String code(Reply reply) {
        assertEquals("application/problem+json", reply.header("content-type"), reply.body());
        return reply.code();
    }

    private static Reply submit(String key) {
        return ask(HttpSocket.post("", KEYED.formatted(key)));
    }

    @Test
    void anOrderIsFoundByItsKeyAndByItsId() {
        Reply stored = submit("look-me-up;a&b/c?d=e".replace("&", "."));
        assertEquals(201, stored.status(), stored.body());
        Reply byKey = ask(HttpSocket.get("/orders?clientOrderId=look-me-up;a.b/c?d=e"));
        assertEquals(200, byKey.status(), byKey.body());
        assertEquals(stored.body(), byKey.body());
        assertEquals(
                stored.body(), ask(HttpSocket.get(stored.header("location"))).body());
    }

    @Test
    void aKeyThatNeedsEncodingIsFoundEncoded() {
        Reply stored = submit("a+b&c%d#e");
        assertEquals(
                stored.body(),
                ask(HttpSocket.get("/orders?clientOrderId=a%2Bb%26c%25d%23e")).body());
    }

    @Test
    void anUnknownKeyIsNotFound() {
        Reply reply = ask(HttpSocket.get("/orders?clientOrderId=absent"));
        assertEquals(404, reply.status());
        assertTrue(reply.body().contains(OrderId.of("default", "absent").toString()), reply.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orders",
                "/orders?",
                "/orders?timing=1",
                "/orders?clientOrderId",
                "/orders?clientOrderId=",
                "/orders?clientorderid=k",
                "/orders?clientOrderId=k&clientOrderId=k",
                "/orders?clientOrderId=k&page=1",
                "/orders?clientOrderId=a+b",
                "/orders?clientOrderId=%C3%A4",
                "/orders?clientOrderId=%",
                "/orders?clientOrderId=%zz",
                "/orders?clientOrderId=12345678901234567890123456789012345678901234567890123456789012345"
            })
    void aQueryThatNamesNoOrderIsABadRequest(String target) {
        Reply reply = ask(HttpSocket.get(target));
        assertEquals(400, reply.status(), reply.body());
        assertEquals("bad_request", code(reply));
    }

    @ParameterizedTest
    @CsvSource({
        "/orders, 'GET, HEAD, POST'",
        "/orders?timing=1, 'GET, HEAD, POST'",
        "/orders/1db3ef6c-15ce-820b-97d8-b7396807a414, 'GET, HEAD'",
        "/openapi.yaml, 'GET, HEAD'",
        "/docs, 'GET, HEAD'",
        "/docs/start.js, 'GET, HEAD'"
    })
    void aMethodThatAPathDoesNotKnowIsToldWhichItDoes(String target, String allow) {
        for (String method : new String[] {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"}) {
            Reply reply = ask(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals(405, reply.status(), method);
            assertEquals(allow, reply.header("allow"), method);
            assertEquals("method_not_allowed", code(reply));
        }
    }

    /** A second may begin between two answers. */
    private static Map<String, String> withoutDate(Reply reply) {
        Map<String, String> headers = new TreeMap<>(reply.headers());
        assertNotNull(headers.remove("date"));
        return headers;
    }

    @Test
    void headAnswersAsGetDoesWithoutTheBody() {
        String key = "head";
        String location = submit(key).header("location");
        for (String target : new String[] {location, "/orders?clientOrderId=head", "/orders/x", "/openapi.yaml"}) {
            try (HttpSocket client = new HttpSocket(node.port())) {
                Reply got = client.send(HttpSocket.get(target)).read();
                Reply head = client.send("HEAD " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .readHead();
                assertEquals(got.status(), head.status());
                assertEquals(withoutDate(got), withoutDate(head));
                assertEquals(
                        404, client.send(HttpSocket.get("/orders/y")).read().status());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/order", "/orders/a/b", "/orders%20", "/orders/%zz", "/docs/other.js", "/favicon.ico"})
    void thereIsNothingElsewhere(String target) {
        assertEquals("not_found", code(ask(HttpSocket.get(target))));
    }

    @Test
    void aSlashAtTheEndIsAnotherSpellingAndNotThere() {
        String post = HttpSocket.post("", KEYED.formatted("slash"));
        assertEquals(404, ask(post.replace("POST /orders ", "POST /orders/ ")).status());
        Reply stored = ask(post);
        assertEquals(201, stored.status());
        assertEquals(404, ask(HttpSocket.get(stored.header("location") + "/")).status());
        assertEquals(404, ask(HttpSocket.get("/orders/?clientOrderId=slash")).status());
    }

    /** A header that is a list means the same in one line and in two. */
    @ParameterizedTest
    @CsvSource({
        "identity, 201",
        "'Identity, identity', 201",
        "gzip, 415",
        "'identity, gzip', 415",
        "'identity\r\nContent-Encoding: gzip', 415",
        "'gzip\r\nContent-Encoding: identity', 415"
    })
    void aBodyIsTakenWithoutACoding(String codings, int status) {
        String coded = HttpSocket.post("Content-Encoding: " + codings + "\r\n", HttpSocket.ORDER);
        assertEquals(status, ask(coded).status());
        assertEquals(
                status,
                ask(coded.replace("POST /orders", "POST /orders/batch").replace("/json", "/x-ndjson"))
                        .status());
    }

    @Test
    void theRequestIdIsEchoedWhereItIsShortAndPrintable() {
        assertEquals("a b/7~", echoOf("a b/7~"));
        assertEquals("x".repeat(128), echoOf("x".repeat(128)));
        assertNull(echoOf("x".repeat(129)));
        assertNull(echoOf("\u00e4"));
        assertNull(echoOf(""));
    }

    private static String echoOf(String id) {
        return ask(HttpSocket.get("/orders/x").replace("\r\n\r\n", "\r\nX-Request-Id: " + id + "\r\n\r\n"))
                .header("x-request-id");
    }

    @Test
    void timesAreToldToWhoAsks() {
        String asking = HttpSocket.post("", KEYED.formatted("timed")).replace("/orders ", "/orders?timing=1 ");
        String timing = ask(asking).header("server-timing");
        assertTrue(
                timing.matches(
                        "parse;dur=\\d+\\.\\d{3}, bus;dur=\\d+\\.\\d{3}, wait;dur=\\d+\\.\\d{3}, store;dur=\\d+\\.\\d{3}"),
                timing);
        double storeMs = Double.parseDouble(timing.substring(timing.lastIndexOf('=') + 1));
        assertTrue(storeMs > 0.05 && storeMs < 5_000, timing);
        assertTrue(ask(HttpSocket.get("/orders?clientOrderId=timed&timing=1"))
                .header("server-timing")
                .startsWith("store;"));
        String bulk = asking.replace("/orders?", "/orders/batch?").replace("/json", "/x-ndjson");
        assertTrue(ask(bulk).header("server-timing").matches("store;dur=\\d+\\.\\d{3}"), "of a bulk request");
        assertNull(ask(bulk.replace("?timing=1", "")).header("server-timing"));
        assertNull(submit("untimed").header("server-timing"));
        assertNull(ask(HttpSocket.get("/orders?clientOrderId=timed&timing=0")).header("server-timing"));
    }
}
