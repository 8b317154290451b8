package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.listener.HeadCheck;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.LogLines;
import dev.sluice.rig.Node;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page in a browser of this machine's user can reach: by a name of its own, or from another origin. */
@Tag("contract")
class SitesTest {

    private static final String REPLAY = "/admin/dead-letters/1db3ef6c-15ce-820b-97d8-b7396807a414/replay";

    /** On loopback, without credentials. */
    private static Node trusting;

    /** With names of its own and origins that may call. */
    private static Node named;

    /** Beyond loopback. */
    private static Node open;

    @BeforeAll
    static void start() {
        String database = TestPostgres.freshDatabase();
        trusting = Node.start(database, "http.instances=2");
        named = Node.start(
                database,
                "http.allowedHosts=shop.example,API.shop.example",
                "admin.allowedHosts=ops.example",
                "admin.token=hush",
                "http.cors.origins=https://shop.example,http://localhost:3000");
        open = Node.start(
                database,
                "http.host=0.0.0.0",
                "http.allowAnonymous=true",
                "admin.host=0.0.0.0",
                "admin.token=" + "t".repeat(32));
    }

    @AfterAll
    static void stop() {
        List.of(trusting, named, open).forEach(Node::close);
    }

    private static Reply ask(int port, String request) {
        try (HttpSocket client = new HttpSocket(port)) {
            return client.send(request).read();
        }
    }

    private static String get(String target, String headers) {
        return "GET " + target + " HTTP/1.1\r\n" + headers + "\r\n";
    }

    private static Reply askBoth(String host) {
        Reply admin = ask(trusting.adminPort(), get("/version", "Host: " + host + "\r\n"));
        Reply api = ask(trusting.port(), get("/docs", "Host: " + host + "\r\n"));
        assertEquals(admin.status(), api.status(), admin.body() + api.body());
        return api;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:1",
                "localhost:",
                "127.0.0.1",
                "127.0.0.1:65000",
                "10.20.30.40:80",
                "[::1]",
                "[::1]:8080",
                "[2001:db8::7]"
            })
    void addressesAndLocalhostAreServed(String host) {
        assertEquals(200, askBoth(host).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "EVIL.example:8080",
                "localhost.evil.example",
                "localhost.",
                "evil.localhost",
                "127.0.0.1.evil.example",
                "127.1",
                "0x7f.0.0.1",
                "2130706433",
                "256.0.0.1",
                "1.2.3.4.5",
                "x",
                ""
            })
    void anyOtherNameIsMisdirectedAndToldTheKeyThatAllowsIt(String host) {
        Reply reply = askBoth(host);
        assertEquals(421, reply.status(), reply.body());
        assertEquals("misdirected_request", reply.code());
        assertTrue(reply.body().contains("http.allowedHosts"), reply.body());
        assertTrue(reply.isLast());
        String admin = ask(trusting.adminPort(), get("/healthz", "Host: " + host + "\r\n"))
                .body();
        assertTrue(admin.contains("admin.allowedHosts"), admin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a/b",
                "a,b",
                "user@localhost",
                "localhost:x",
                "localhost:80:80",
                "::1",
                "[::1",
                "[localhost]",
                "[]",
                "[::1]x",
                "local\\host",
                "a\"b",
                "a?b",
                "a#b",
                "\u00e4"
            })
    void aHostThatIsNoneIsABadRequest(String host) {
        assertEquals(400, askBoth(host).status());
    }

    @Test
    void theHostIsJudgedBeforeThePathTheMethodAndTheMediaType() {
        String host = "Host: evil.example\r\n";
        assertEquals(421, ask(trusting.port(), get("/nowhere", host)).status());
        assertEquals(
                421,
                ask(trusting.port(), "BREW /orders HTTP/1.1\r\n" + host + "\r\n")
                        .status());
        assertEquals(
                421,
                ask(trusting.port(), "POST /orders HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\n{}")
                        .status());
        assertEquals(
                421,
                ask(trusting.adminPort(), "PATCH /admin/verticles HTTP/1.1\r\n" + host + "\r\n")
                        .status());
    }

    @Test
    void aTargetOfTheAbsoluteFormWinsOverTheHost() {
        String evil = "Host: evil.example\r\n";
        String local = "Host: localhost\r\n";
        for (int port : new int[] {trusting.port(), trusting.adminPort()}) {
            assertEquals(200, ask(port, get("http://localhost:1/docs", evil)).status());
            assertEquals(421, ask(port, get("http://evil.example/docs", local)).status());
            assertEquals(
                    421, ask(port, get("http://evil.example?localhost/", local)).status());
            assertEquals(
                    400,
                    ask(port, get("http://localhost@evil.example/docs", local)).status());
            assertEquals(421, ask(port, get("*", evil)).status());
        }
    }

    @Test
    void whatAProxyClaimsCountsForNothing() {
        assertEquals(
                421,
                ask(trusting.port(), get("/docs", "Host: evil.example\r\nX-Forwarded-Host: localhost\r\n"))
                        .status());
        assertEquals(
                200,
                ask(
                                trusting.port(),
                                get(
                                        "/docs",
                                        "Host: localhost\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=e\r\n"))
                        .status());
    }

    @Test
    void http10NeedsNoHostAndOneThatItHasIsJudged() {
        for (int port : new int[] {trusting.port(), trusting.adminPort()}) {
            assertEquals(200, ask(port, "GET /docs HTTP/1.0\r\n\r\n").status());
            assertEquals(
                    421,
                    ask(port, "GET /docs HTTP/1.0\r\nHost: evil.example\r\n\r\n")
                            .status());
            assertEquals(400, ask(port, "GET /docs HTTP/1.1\r\n\r\n").status());
        }
    }

    @Test
    void eachNameIsLoggedOnceAndEachRequestCounted() {
        double before = trusting.metric("sluice_foreign_requests_total{sign=\"host\"}");
        try (LogLines lines = LogLines.of(HeadCheck.class)) {
            for (int i = 0; i < 6; i++) {
                ask(trusting.port(), get("/docs", "Host: once.example\r\n"));
            }
            List<String> named = lines.lines().stream()
                    .filter(line -> line.contains("once.example"))
                    .toList();
            assertEquals(1, named.size(), named.toString());
            assertTrue(named.get(0).startsWith("WARN") && named.get(0).contains("http.allowedHosts"), named.get(0));
        }
        assertEquals(before + 6, trusting.metric("sluice_foreign_requests_total{sign=\"host\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example, 200",
        "SHOP.example:8443, 200",
        "api.SHOP.example, 200",
        "localhost, 200",
        "10.0.0.1, 200",
        "www.shop.example, 421",
        "shop.example.evil, 421",
        "shop.example., 421",
        "ops.example, 421"
    })
    void namesOfTheListAreServedExactly(String host, int status) {
        assertEquals(
                status,
                ask(named.port(), get("/docs", "Host: " + host + "\r\n")).status());
    }

    @Test
    void theListHoldsForAListenerWithAToken() {
        assertEquals(
                200,
                ask(named.adminPort(), get("/healthz", "Host: ops.example\r\n")).status());
        assertEquals(
                421,
                ask(named.adminPort(), get("/healthz", "Host: shop.example\r\n"))
                        .status());
    }

    @Test
    void beyondLoopbackAnyNameIsServed() {
        assertEquals(
                200,
                ask(open.port(), get("/docs", "Host: anything.example\r\n")).status());
        assertEquals(
                200,
                ask(open.adminPort(), get("/healthz", "Host: anything.example\r\n"))
                        .status());
        assertEquals(1, sample(open, "sluice_open"));
        assertEquals(0, trusting.metric("sluice_open"));
    }

    private static int sample(Node node, String name) {
        String all = ask(
                        node.adminPort(),
                        get("/metrics", "Host: localhost\r\nAuthorization: Bearer " + "t".repeat(32) + "\r\n"))
                .body();
        return all.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }

    private static String post(int port, String key, String headers) {
        String order = HttpSocket.ORDER.replace("{\"customerId", "{\"clientOrderId\":\"" + key + "\",\"customerId");
        return HttpSocket.post(headers, order).replace("Host: localhost", "Host: localhost:" + port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: ",
                "Origin: http://localhost",
                "Origin: http://localhost:1",
                "Origin: https://localhost:PORT",
                "Origin: http://127.0.0.1:PORT",
                "Origin: http://localhost:PORT/",
                "Origin: http://localhost:PORT http://evil.example",
                "Origin: http://localhost:PORT\r\nOrigin: http://evil.example",
                "Origin: http://evil.example\r\nSec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: cross-site",
                "sec-fetch-site: Cross-Site"
            })
    void whatAPageOfAnotherSiteWouldChangeStaysAsItIs(String headers) {
        int api = trusting.port();
        String key = "foreign-" + headers.hashCode();
        assertForeign(ask(api, post(api, key, headers.replace("PORT", api + "") + "\r\n")));
        assertEquals("0", trusting.rows(key));
        assertForeign(ask(
                api,
                post(api, key, headers.replace("PORT", api + "") + "\r\n")
                        .replace("POST /orders", "POST /orders/batch")));
        int admin = trusting.adminPort();
        for (String call :
                List.of("PATCH /admin/verticles", "POST " + REPLAY, "DELETE " + REPLAY.replace("/replay", ""))) {
            assertForeign(ask(
                    admin,
                    call + " HTTP/1.1\r\nHost: localhost:" + admin + "\r\n" + headers.replace("PORT", admin + "")
                            + "\r\nContent-Length: 10\r\n\r\n{\"http\":1}"));
        }
        assertTrue(
                trusting.server().instances().startsWith("2 http"),
                trusting.server().instances());
    }

    private static void assertForeign(Reply reply) {
        assertEquals(403, reply.status(), reply.body());
        assertEquals("foreign_origin", reply.code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Origin: http://localhost:PORT\r\n",
                "Origin: HTTP://LOCALHOST:PORT\r\n",
                "Origin: http://localhost:PORT\r\nSec-Fetch-Site: same-origin\r\n",
                "Sec-Fetch-Site: same-origin\r\n",
                "Sec-Fetch-Site: same-site\r\n",
                "Sec-Fetch-Site: none\r\n"
            })
    void aPageOfItsOwnAndAClientThatIsNoBrowserAreServed(String headers) {
        int api = trusting.port();
        Reply reply = ask(api, post(api, Node.key(), headers.replace("PORT", api + "")));
        assertEquals(201, reply.status(), reply.body());
        int admin = trusting.adminPort();
        Reply discard = ask(
                admin,
                "DELETE " + REPLAY.replace("/replay", "") + " HTTP/1.1\r\nHost: localhost:" + admin + "\r\n"
                        + headers.replace("PORT", admin + "") + "\r\n");
        assertEquals(404, discard.status(), discard.body());
    }

    @Test
    void theOriginIsHeldAgainstWhatTheRequestWasSentTo() {
        int api = trusting.port();
        String sent = "Origin: http://10.0.0.1\r\n";
        assertEquals(
                201,
                ask(api, post(api, Node.key(), sent).replace("Host: localhost:" + api, "Host: 10.0.0.1:80"))
                        .status());
        assertEquals(
                201,
                ask(api, post(api, Node.key(), sent).replace("POST /orders", "POST http://10.0.0.1/orders"))
                        .status());
    }

    @Test
    void readingIsNotRefusedAndAPathThatIsNoneIsNotFoundFirst() {
        String foreign = "Host: localhost\r\nOrigin: http://evil.example\r\n";
        Reply read = ask(trusting.port(), get("/orders/1db3ef6c-15ce-820b-97d8-b7396807a414", foreign));
        assertEquals(404, read.status());
        assertNull(read.header("access-control-allow-origin"));
        assertEquals(200, ask(trusting.adminPort(), get("/healthz", foreign)).status());
        assertEquals(
                404,
                ask(trusting.port(), "POST /nowhere HTTP/1.1\r\n" + foreign + "\r\n")
                        .status());
        assertEquals(
                405,
                ask(trusting.port(), "DELETE /orders HTTP/1.1\r\n" + foreign + "\r\n")
                        .status());
    }

    @Test
    void aListedOriginMayCallAndReadTheAnswer() {
        for (String origin : List.of("https://shop.example", "http://localhost:3000")) {
            Reply reply = ask(named.port(), post(named.port(), Node.key(), "Origin: " + origin + "\r\n"));
            assertEquals(201, reply.status(), reply.body());
            assertEquals(origin, reply.header("access-control-allow-origin"));
            assertEquals("origin", reply.header("vary").toLowerCase(java.util.Locale.ROOT));
            List<String> readable =
                    List.of(reply.header("access-control-expose-headers").split(", ", -1));
            assertTrue(
                    readable.containsAll(List.of("Location", "Retry-After", "RateLimit", "RateLimit-Policy")),
                    readable.toString());
            assertNull(reply.header("access-control-allow-credentials"));
        }
        Reply problem = ask(named.port(), get("/orders/x", "Host: localhost\r\nOrigin: https://shop.example\r\n"));
        assertEquals("https://shop.example", problem.header("access-control-allow-origin"));
        Reply unlisted = ask(named.port(), post(named.port(), Node.key(), "Origin: https://evil.example\r\n"));
        assertForeign(unlisted);
        assertNull(unlisted.header("access-control-allow-origin"));
        assertEquals("origin", unlisted.header("vary").toLowerCase(java.util.Locale.ROOT));
    }

    private static String preflight(String target, String origin) {
        return "OPTIONS " + target + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                + "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n";
    }

    @Test
    void aListedOriginMayAskBefore() {
        for (String target : List.of("/orders", "/orders/batch")) {
            try (HttpSocket client = new HttpSocket(named.port())) {
                Reply reply =
                        client.send(preflight(target, "https://shop.example")).readHead();
                assertEquals(204, reply.status());
                assertEquals("https://shop.example", reply.header("access-control-allow-origin"));
                assertTrue(reply.header("access-control-allow-methods").contains("POST"));
                assertTrue(reply.header("access-control-allow-headers").contains("Content-Type"));
                assertNull(reply.header("content-length"));
                assertEquals(
                        404, client.send(HttpSocket.get("/orders/x")).read().status());
            }
        }
        Reply refused = ask(named.port(), preflight("/orders", "https://evil.example"));
        assertEquals(405, refused.status());
        assertFalse(refused.headers().containsKey("access-control-allow-origin"));
        assertEquals(
                404,
                ask(named.port(), preflight("/nowhere", "https://shop.example")).status());
        assertEquals(
                405,
                ask(trusting.port(), preflight("/orders", "https://shop.example"))
                        .status());
        assertForeign(ask(
                named.adminPort(),
                "PATCH /admin/verticles HTTP/1.1\r\nHost: ops.example\r\nOrigin: https://shop.example\r\n\r\n"));
    }
}
