package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bus.OutcomeBatch;
import dev.sluice.order.Outcome;
import dev.sluice.rig.Await;
import dev.sluice.rig.Http2Socket;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Reply;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP/2's clients hear is what those of HTTP/1.1 hear, stream by stream. */
@Tag("contract")
@Timeout(120)
class Http2AnswersTest {

    private static final String JSON = "application/json";
    private static final String PAGE = "/docs/swagger-ui-bundle-5.34.1.js";

    private final AtomicInteger stream = new AtomicInteger(-1);
    private ScriptedNode node;
    private Http2Socket client;

    private void start(String... sets) throws Exception {
        String[] all = new String[sets.length + 1];
        System.arraycopy(sets, 0, all, 0, sets.length);
        all[sets.length] = "http.http2=true";
        node = new ScriptedNode(all);
        node.writer(batch -> Future.succeededFuture(
                new OutcomeBatch(Collections.nCopies(batch.orders().size(), new Outcome.Committed(1)), 1)));
        node.lookup(lookup -> Future.succeededFuture(Optional.empty()));
        client = Http2Socket.open(node.port);
    }

    @AfterEach
    void stop() throws Exception {
        if (client != null) {
            client.close();
        }
        node.close();
    }

    private int next() {
        return stream.addAndGet(2);
    }

    private Reply get(String path, String... headers) {
        int id = next();
        return client.head(id, true, "GET", path, headers).answer(id);
    }

    private Reply post(String path, String type, String body, String... headers) {
        int id = next();
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "content-type";
        all[headers.length + 1] = type;
        client.head(id, body.isEmpty(), "POST", path, all);
        if (!body.isEmpty()) {
            data(id, body);
        }
        return client.answer(id);
    }

    /** All of it, with the end of the stream; no more than the windows that a connection begins with. */
    private void data(int id, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += 16_384) {
            byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 16_384));
            client.frame(Http2Socket.DATA, from + part.length == bytes.length ? Http2Socket.END_STREAM : 0, id, part);
        }
    }

    private int status(int id) {
        return client.answer(id).status();
    }

    @Test
    void anOrderIsAnsweredWithTheHeadersOfTheContract() throws Exception {
        start();
        Reply answer = post("/orders?timing=1", JSON, HttpSocket.ORDER, "x-request-id", "r 1");
        assertEquals(201, answer.status(), answer.body());
        assertEquals("/orders/" + answer.json().getString("id"), answer.header("location"));
        assertEquals(JSON, answer.header("content-type"));
        assertEquals("r 1", answer.header("x-request-id"));
        assertNotNull(answer.header("date"));
        assertTrue(answer.header("server-timing").startsWith("parse;dur="), answer.toString());
        assertEquals(answer.body().length(), Integer.parseInt(answer.header("content-length")));
        for (String ofHttp11 : new String[] {"connection", "keep-alive", "transfer-encoding"}) {
            assertNull(answer.header(ofHttp11));
        }
    }

    /** But for what one of the two protocols alone has. */
    @ParameterizedTest
    @CsvSource({
        "GET, /orders/00000000-0000-0001-0000-000000000002",
        "HEAD, /orders/00000000-0000-0001-0000-000000000002",
        "GET, /orders/nonsense",
        "GET, /orders?clientOrderId=k-1",
        "GET, /orders?clientOrderId=%zz",
        "GET, /orders",
        "DELETE, /orders",
        "PUT, /orders/nonsense",
        "GET, /orders/batch",
        "GET, /nowhere",
        "GET, //orders",
        "GET, /%6frders",
        "GET, /orders/",
        "GET, /",
        "GET, /docs",
        "GET, /docs/",
        "HEAD, /openapi.yaml",
        "POST, /openapi.yaml",
        "OPTIONS, *"
    })
    void theSameAnswersAsOverHttp11(String method, String path) throws Exception {
        start();
        int id = next();
        Reply one = client.head(id, true, method, path).answer(id);
        Reply other = node.client.send(method, path, null, new byte[0]);
        assertEquals(other.status(), one.status());
        assertEquals(method.equals("HEAD") ? "" : other.body(), one.body());
        Set<String> names = new TreeSet<>(other.headers().keySet());
        names.removeAll(Set.of("connection", "transfer-encoding"));
        assertEquals(names, new TreeSet<>(one.headers().keySet()));
        for (String name : names) {
            if (!name.equals("date")) {
                assertEquals(other.header(name), one.header(name), name);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/orders, application/json, {}, 400",
        "/orders, application/json, '', 400",
        "/orders, text/plain, {}, 415",
        "/orders/batch, application/json, 1, 400",
        "/orders/batch, application/x-ndjson, '', 400",
        "/orders/batch, text/plain, {}, 415"
    })
    void problemsAreDocumentsAndTheConnectionGoesOn(String path, String type, String body, int status)
            throws Exception {
        start();
        Reply refused = post(path, type, body);
        assertEquals(status, refused.status(), refused.body());
        assertEquals("application/problem+json", refused.header("content-type"));
        assertEquals(status, refused.json().getInteger("status"));
        assertEquals(201, post("/orders", JSON, HttpSocket.ORDER).status());
    }

    @Test
    void aBulkOfAThousandLinesHasAThousandResults() throws Exception {
        start();
        client.window(0, 1 << 20);
        int id = next();
        String lines = "{}\n".repeat(200) + (HttpSocket.ORDER + "\n").repeat(300);
        client.head(id, false, "POST", "/orders/batch", "content-type", "application/x-ndjson")
                .window(id, 1 << 20);
        data(id, lines);
        Reply answer = client.answer(id);
        assertEquals(207, answer.status());
        assertEquals(500, answer.lines().size());
        assertEquals(201, answer.statuses().get(499));
    }

    @Test
    void aPageIsSentAsItsWindowOpens() throws Exception {
        start();
        int id = next();
        client.get(id, PAGE);
        assertEquals(65_535, client.bodyBytes(id, 65_535));
        client.window(0, 8 << 20).window(id, 8 << 20);
        Reply page = client.answer(id);
        assertEquals(node.client.get(PAGE).body(), page.body());
        assertEquals(
                Integer.parseInt(page.header("content-length")), page.body().getBytes(UTF_8).length);
    }

    @Test
    void manyStreamsAreAnsweredInAnyOrder() throws Exception {
        start();
        int[] ids = new int[90];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = next();
            client.post(ids[i], HttpSocket.ORDER);
        }
        for (int i = ids.length - 1; i >= 0; i--) {
            assertEquals(201, status(ids[i]));
        }
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIs413AndTheConnectionGoesOn() throws Exception {
        start();
        int id = next();
        client.head(id, false, "POST", "/orders", "content-type", JSON, "content-length", "65537");
        assertEquals("body_too_large", client.answer(id).code());
        assertEquals(201, post("/orders", JSON, HttpSocket.ORDER).status());
    }

    /** What is left of it is dropped until the deadline; then the client is told to stop. */
    @Test
    void aBodyThatBecomesTooLargeIs413AndItsStreamEnds() throws Exception {
        start();
        int id = next();
        client.head(id, false, "POST", "/orders", "content-type", JSON);
        byte[] piece = new byte[16_384];
        for (int i = 0; i < 3; i++) {
            client.frame(Http2Socket.DATA, 0, id, piece);
        }
        client.turn();
        for (int i = 0; i < 3; i++) {
            client.frame(Http2Socket.DATA, 0, id, piece);
        }
        assertEquals(413, status(id));
        for (int i = 0; i < 5; i++) {
            client.turn().frame(Http2Socket.DATA, 0, id, piece);
        }
        assertEquals(Http2Socket.NO_ERROR, client.resetCode(id));
        assertEquals(201, post("/orders", JSON, HttpSocket.ORDER).status());
        Await.until("nothing of it is held", () -> node.memory.held() == 0);
    }

    @Test
    void aClientThatAsksFirstIsToldToSendItsBody() throws Exception {
        start();
        int id = next();
        client.head(id, false, "POST", "/orders", "content-type", JSON, "expect", "100-continue");
        assertEquals(100, client.informational(id));
        data(id, HttpSocket.ORDER);
        assertEquals(201, status(id));
    }

    @Test
    void trailersEndABody() throws Exception {
        start();
        int id = next();
        client.head(id, false, "POST", "/orders", "content-type", JSON)
                .frame(Http2Socket.DATA, 0, id, HttpSocket.ORDER.getBytes(UTF_8))
                .frame(
                        Http2Socket.HEADERS,
                        Http2Socket.END_HEADERS | Http2Socket.END_STREAM,
                        id,
                        client.block("x-check", "1"));
        assertEquals(201, status(id));
    }

    @Test
    void theHostIsWhatTheAuthoritySays() throws Exception {
        start();
        int id = next();
        String[] get = {":method", "GET", ":scheme", "http", ":path", "/docs"};
        client.frame(
                Http2Socket.HEADERS,
                5,
                id,
                client.block(get[0], get[1], get[2], get[3], get[4], get[5], ":authority", "evil.example:8080"));
        Reply refused = client.answer(id);
        assertEquals(421, refused.status());
        assertTrue(refused.json().getString("detail").contains("'evil.example'"), refused.body());
        int bare = next();
        client.frame(Http2Socket.HEADERS, 5, bare, client.block(get));
        assertEquals(400, status(bare));
        int byHost = next();
        client.frame(
                Http2Socket.HEADERS,
                5,
                byHost,
                client.block(get[0], get[1], get[2], get[3], get[4], get[5], "host", "localhost"));
        assertEquals(200, status(byHost));
        Reply foreign = post("/orders", JSON, HttpSocket.ORDER, "origin", "http://evil.example");
        assertEquals(403, foreign.status());
        assertEquals(
                201,
                post("/orders", JSON, HttpSocket.ORDER, "origin", "http://localhost")
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method GET :scheme http :authority localhost",
                ":scheme http :path / :authority localhost",
                ":method GET :path / :authority localhost",
                ":method GET :scheme http :path orders :authority localhost",
                ":method GET :scheme http :path http://localhost/ :authority localhost",
                ":method GET :scheme http :path /\u00e4 :authority localhost",
                ":method GET :scheme http :path /\u0001 :authority localhost",
                ":method GET :scheme http :path /orders/x#y :authority localhost",
                ":method GET :scheme http :path /orders?clientOrderId=k#y :authority localhost",
                ":method G(T :scheme http :path / :authority localhost",
                ":method GET :method GET :scheme http :path / :authority localhost",
                ":method GET :scheme http :path / :path / :authority localhost",
                ":method GET :scheme http :path / :authority localhost :authority localhost",
                ":method GET :scheme http :path / :authority localhost host 127.0.0.1",
                ":method GET :scheme http :path / host localhost host localhost",
                ":method POST :scheme http :path / :authority localhost content-type a content-type b",
                ":method GET :scheme http :path / :authority localhost connection close",
                ":method GET :scheme http :path / :authority localhost transfer-encoding chunked",
                ":method GET :scheme http :path / :authority localhost te gzip",
                ":method GET :scheme http :path / :authority localhost X-Upper 1",
                ":method GET :scheme http :path / :authority localhost x-injected a\r\nb",
                ":method GET :scheme http :path / :authority localhost content-length 1x",
                ":method GET :scheme http :path / :status 200 :authority localhost",
                ":method CONNECT :authority localhost"
            })
    void aHeadThatIsNoneIsReset(String fields) throws Exception {
        start();
        int id = next();
        client.frame(Http2Socket.HEADERS, 5, id, client.block(fields.split(" ", -1)));
        assertEquals(Http2Socket.PROTOCOL_ERROR, client.resetCode(id));
        assertEquals(201, post("/orders", JSON, HttpSocket.ORDER).status());
    }

    @Test
    void aBodyOfAnotherLengthThanAnnouncedIsReset() throws Exception {
        start();
        int id = next();
        client.head(id, false, "POST", "/orders", "content-type", JSON, "content-length", "5");
        data(id, HttpSocket.ORDER);
        assertEquals(Http2Socket.PROTOCOL_ERROR, client.resetCode(id));
        assertEquals(201, post("/orders", JSON, HttpSocket.ORDER).status());
        Await.until("nothing of it is held", () -> node.memory.held() == 0);
    }

    @Test
    void aHeadHasTheLimitsOfHttp11() throws Exception {
        start();
        assertEquals(8_192L, client.setting(6));
        int large = next();
        Reply tooLarge = client.head(large, true, "GET", "/docs", "x-a", "a".repeat(8_200))
                .answer(large);
        assertEquals(431, tooLarge.status());
        assertNotNull(tooLarge.header("date"));
        assertEquals(414, get("/docs?" + "a".repeat(4_100)).status());
        assertEquals(200, get("/docs?" + "a".repeat(4_000)).status());
        assertEquals(200, get("/docs", "x-a", "a".repeat(7_000)).status());
        assertEquals(201, post("/orders", JSON, HttpSocket.ORDER).status());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 23, 24, 30})
    void thePrefaceMayComeInPieces(int piece) throws Exception {
        start();
        try (Http2Socket slow = new Http2Socket(node.port)) {
            String preface = Http2Socket.PREFACE;
            for (int from = 0; from < preface.length(); from += piece) {
                slow.send(preface.substring(from, Math.min(preface.length(), from + piece)));
                Await.pause("a piece of its own", 3);
            }
            slow.frame(Http2Socket.SETTINGS, 0, 0).post(1, HttpSocket.ORDER);
            assertEquals(201, slow.answer(1).status());
        }
    }

    @Test
    void http11IsSpokenAsEver() throws Exception {
        start();
        try (HttpSocket socket = new HttpSocket(node.port)) {
            String post = HttpSocket.post("", HttpSocket.ORDER);
            socket.send("P");
            Await.pause("a piece of its own", 20);
            assertEquals(201, socket.send(post.substring(1)).read().status());
            assertEquals(3, node.metrics.httpConnections().of("0").now());
            String upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
            Reply answer =
                    socket.send(HttpSocket.post(upgrade, HttpSocket.ORDER)).read();
            assertEquals(201, answer.status());
            assertFalse(answer.headers().containsKey("upgrade"));
        }
    }

    @Test
    void aMethodCalledPriIsNoPreface() throws Exception {
        start();
        try (Http2Socket other = new Http2Socket(node.port)) {
            assertEquals(
                    Http2Socket.PROTOCOL_ERROR,
                    other.send("PRI /orders HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .endCode());
        }
    }

    @Test
    void offItIsRefusedAsAnUnknownVersion() throws Exception {
        start();
        ScriptedNode plain = new ScriptedNode();
        try (HttpSocket socket = new HttpSocket(plain.port)) {
            Reply refused = socket.send(Http2Socket.PREFACE).read();
            assertEquals(505, refused.status());
            assertTrue(refused.isLast() && socket.isGone());
        } finally {
            plain.close();
        }
    }
}
