package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bus.OutcomeBatch;
import dev.sluice.listener.http2.Http2Streams;
import dev.sluice.metrics.Bound;
import dev.sluice.order.Outcome;
import dev.sluice.rig.Await;
import dev.sluice.rig.Http2Socket;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client of HTTP/2 may take: the limits of HTTP/1.1, for streams, and those that only streams need. */
@Tag("contract")
@Timeout(120)
class Http2BoundsTest {

    private static final String NEVER = HttpSocket.ORDER.replace("\"c\"", "\"never\"");
    private static final String PAGE = "/docs/swagger-ui-bundle-5.34.1.js";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Promise<OutcomeBatch>> held = Collections.synchronizedList(new ArrayList<>());
    private ScriptedNode node;

    private void start(String... sets) throws Exception {
        start(1L << 30, sets);
    }

    /** Orders of the customer {@code never} are answered when the test says so. */
    private void start(long memoryBytesMax, String... sets) throws Exception {
        node = new ScriptedNode(
                memoryBytesMax,
                Stream.concat(Stream.of("http.http2=true"), Stream.of(sets)).toArray(String[]::new));
        node.writer(batch -> {
            OutcomeBatch committed =
                    new OutcomeBatch(Collections.nCopies(batch.orders().size(), new Outcome.Committed(1)), 1);
            if (batch.orders().stream().noneMatch(order -> order.customerId().equals("never"))) {
                return Future.succeededFuture(committed);
            }
            Promise<OutcomeBatch> later = Promise.promise();
            held.add(later);
            return later.future().map(done -> committed);
        });
    }

    private void letGo() {
        List.copyOf(held).forEach(promise -> promise.tryComplete());
    }

    @AfterEach
    void stop() throws Exception {
        letGo();
        for (AutoCloseable one : open) {
            one.close();
        }
        node.close();
    }

    private Http2Socket client(int... settings) {
        Http2Socket client = Http2Socket.open(node.port, settings);
        open.add(client);
        return client;
    }

    private long refused(Bound bound) {
        return node.metrics.refused().of(bound).total();
    }

    private void isServed() {
        assertEquals(201, client().post(1, HttpSocket.ORDER).answer(1).status());
    }

    private void nothingIsHeld() {
        Await.until("nothing is held", () -> node.memory.held() == 0 && node.shared.openRequests() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionHasAHundredStreamsAtOnce(boolean acknowledgesSettings) throws Exception {
        start("http.deadlineMs=20500");
        Http2Socket client = client();
        if (!acknowledgesSettings) {
            client.neverAcknowledge();
        }
        int last = 2 * Http2Streams.STREAMS_MAX - 1;
        for (int id = 1; id <= last; id += 2) {
            client.post(id, NEVER);
        }
        client.turn();
        assertEquals(Http2Streams.STREAMS_MAX, node.shared.openRequests());
        assertEquals(Http2Socket.REFUSED_STREAM, client.get(last + 2, "/docs").resetCode(last + 2));
        assertEquals(1, refused(Bound.HTTP2_STREAMS));
        Await.until("all are answered", () -> {
            letGo();
            return node.shared.openRequests() == 0;
        });
        for (int id = 1; id <= last; id += 2) {
            assertEquals(201, client.answer(id).status());
        }
        assertEquals(200, client.get(last + 4, "/docs").answer(last + 4).status());
        nothingIsHeld();
    }

    @Test
    void aStormOfResetsEndsItsConnectionAndNothingStaysBehind() throws Exception {
        start();
        Http2Socket client = client();
        ByteArrayOutputStream storm = new ByteArrayOutputStream();
        for (int id = 1; id < 2_000; id += 2) {
            storm.writeBytes(Http2Socket.bytesOf(
                    Http2Socket.HEADERS,
                    Http2Socket.END_HEADERS,
                    id,
                    client.block(
                            ":method",
                            "POST",
                            ":scheme",
                            "http",
                            ":path",
                            "/orders",
                            ":authority",
                            "localhost",
                            "content-type",
                            "application/json")));
            storm.writeBytes(Http2Socket.bytesOf(Http2Socket.RST_STREAM, 0, id, new byte[] {0, 0, 0, 8}));
        }
        assertEquals(Http2Socket.ENHANCE_YOUR_CALM, ends(client, storm.toByteArray()));
        assertEquals(1, refused(Bound.HTTP2_FRAMES));
        long resets = refused(Bound.CLIENT_RESET);
        assertTrue(resets > 0 && resets <= 201, "resets that were looked at: " + resets);
        nothingIsHeld();
        isServed();
    }

    /** The connection may end while the rest is on its way. */
    private static int ends(Http2Socket client, byte[] bytes) {
        try {
            client.send(bytes);
        } catch (UncheckedIOException ended) {
            return client.endCode();
        }
        return client.endCode();
    }

    @Test
    void aFewResetsAreNoStorm() throws Exception {
        start();
        Http2Socket client = client();
        for (int id = 1; id < 200; id += 2) {
            client.head(id, false, "POST", "/orders", "content-type", "application/json")
                    .reset(id);
        }
        assertEquals(201, client.post(201, HttpSocket.ORDER).answer(201).status());
        assertEquals(100, refused(Bound.CLIENT_RESET));
        nothingIsHeld();
    }

    private static byte[] frames(int count, int type, int stream, byte[] payload) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(Http2Socket.bytesOf(type, 0, stream, payload));
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {Http2Socket.PING, Http2Socket.SETTINGS, Http2Socket.PRIORITY})
    void framesThatOnlyAskForWorkAreBounded(int type) throws Exception {
        start();
        byte[] payload = new byte[type == Http2Socket.PING ? 8 : type == Http2Socket.PRIORITY ? 5 : 0];
        int stream = type == Http2Socket.PRIORITY ? 1 : 0;
        Http2Socket few = client();
        few.send(frames(900, type, stream, payload)).post(3, HttpSocket.ORDER);
        assertEquals(201, few.answer(3).status());
        assertEquals(Http2Socket.ENHANCE_YOUR_CALM, ends(client(), frames(5_000, type, stream, payload)));
        assertEquals(1, refused(Bound.HTTP2_FRAMES));
        isServed();
    }

    @Test
    void aHeadOfEndlessPiecesEndsItsConnection() throws Exception {
        start();
        Http2Socket client = client();
        client.frame(Http2Socket.HEADERS, 0, 1, client.block(":method", "GET"));
        assertEquals(
                Http2Socket.ENHANCE_YOUR_CALM,
                ends(client, frames(10_000, Http2Socket.CONTINUATION, 1, client.block("x-a", "b"))));
        isServed();
    }

    @Test
    void aHeadFarBeyondItsLimitEndsItsConnection() throws Exception {
        start();
        Http2Socket client = client();
        client.frame(Http2Socket.HEADERS, 0, 1, client.block(":method", "GET"));
        byte[] large = client.block("x-a", "~".repeat(9_000));
        assertTrue(ends(client, frames(20, Http2Socket.CONTINUATION, 1, large)) > 0);
        isServed();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 20, 24, 25, 30, 33, 40, 60})
    void aFrameThatDoesNotEndHasTheLimitOfAHead(int bytes) throws Exception {
        start("http.headMs=300", "http.deadlineMs=20500", "http.idleTimeoutMs=60000");
        Http2Socket client = new Http2Socket(node.port).neverAcknowledge();
        open.add(client);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Http2Socket.PREFACE.getBytes(UTF_8));
        all.writeBytes(Http2Socket.bytesOf(Http2Socket.SETTINGS, 0, 0));
        all.writeBytes(Http2Socket.bytesOf(Http2Socket.DATA, 0, 1, new byte[100]));
        byte[] sent = Arrays.copyOf(all.toByteArray(), bytes);
        client.send(sent);
        boolean isWhole = bytes == 0 || bytes == 24 || bytes == 33;
        if (isWhole) {
            Await.pause("more than the limit of a head", 900);
            assertEquals(0, refused(Bound.HTTP_HEAD), "silence is no head");
        } else if (bytes >= 4) {
            assertEquals(Http2Socket.ENHANCE_YOUR_CALM, client.endCode());
            Await.until("it is counted", () -> refused(Bound.HTTP_HEAD) > 0);
            assertEquals(1, refused(Bound.HTTP_HEAD));
            assertEquals(0, refused(Bound.HTTP2_FRAMES));
        } else {
            Await.until("408 was answered", () -> refused(Bound.HTTP_HEAD) == 1);
        }
    }

    @Test
    void aHeadThatDoesNotEndIsNotSavedByItsPieces() throws Exception {
        start("http.headMs=300");
        Http2Socket client = client();
        client.frame(Http2Socket.HEADERS, 0, 1, client.block(":method", "GET"));
        byte[] piece = client.block("x-a", "b".repeat(100));
        Await.until("it is over", () -> {
            Await.pause("a piece now and then", 100);
            try {
                client.frame(Http2Socket.CONTINUATION, 0, 1, piece);
            } catch (UncheckedIOException ended) {
                return true;
            }
            return refused(Bound.HTTP_HEAD) == 1;
        });
        assertEquals(Http2Socket.ENHANCE_YOUR_CALM, client.endCode());
    }

    @Test
    void aBodyThatDoesNotEndIs408AndItsStreamIsReset() throws Exception {
        start();
        Http2Socket client = client();
        client.head(1, false, "POST", "/orders", "content-type", "application/json")
                .frame(Http2Socket.DATA, 0, 1, new byte[] {'{'});
        client.head(3, false, "POST", "/orders/batch", "content-type", "application/json")
                .frame(Http2Socket.DATA, 0, 3, new byte[] {'['});
        for (int id = 1; id <= 3; id += 2) {
            Reply late = client.answer(id);
            assertEquals(408, late.status());
            assertEquals("request_timeout", late.code());
            assertEquals(Http2Socket.NO_ERROR, client.resetCode(id));
        }
        assertEquals(201, client.post(5, HttpSocket.ORDER).answer(5).status());
        nothingIsHeld();
    }

    @Test
    void whatComesBehindAnAnswerIsDroppedUpToABound() throws Exception {
        start("http.deadlineMs=20500");
        Http2Socket client = client();
        client.head(1, false, "POST", "/orders", "content-type", "application/json", "content-length", "99999999");
        assertEquals(413, client.answer(1).status());
        int frames = 0;
        for (byte[] piece = new byte[16_384]; frames < 600 && !client.isReset(1); frames++) {
            client.frame(Http2Socket.DATA, 0, 1, piece).turn();
        }
        assertEquals(513, frames, "8 MiB and one");
        assertEquals(Http2Socket.NO_ERROR, client.resetCode(1));
        assertEquals(201, client.post(3, HttpSocket.ORDER).answer(3).status());
    }

    @Test
    void anOrderWithoutAnOutcomeIsAnsweredAtTheDeadline() throws Exception {
        start();
        Http2Socket client = client();
        Reply late = client.post(1, NEVER).answer(1);
        assertEquals(503, late.status());
        assertEquals("outcome_unknown", late.code());
        assertEquals(201, client.post(3, HttpSocket.ORDER).answer(3).status());
    }

    @Test
    void anAnswerWhoseWindowStaysShutIsResetAtTheDeadline() throws Exception {
        start();
        Http2Socket client = client(4, 0);
        client.get(1, PAGE);
        client.post(3, HttpSocket.ORDER);
        assertEquals(Http2Socket.CANCEL, client.resetCode(1));
        assertEquals(Http2Socket.CANCEL, client.resetCode(3));
        assertEquals(2, refused(Bound.ANSWER_UNREAD));
        nothingIsHeld();
        client.post(5, HttpSocket.ORDER).window(5, 10_000);
        assertEquals(201, client.answer(5).status());
    }

    @Test
    void anAnswerThatIsTakenSlowlyIsNotReset() throws Exception {
        start();
        Http2Socket client = client(4, 0);
        client.get(1, PAGE);
        for (int i = 1; i <= 12; i++) {
            client.window(1, 5_000);
            assertEquals(5_000 * i, client.bodyBytes(1, 5_000 * i));
            Await.pause("a slow client", 250);
        }
        assertEquals(0, refused(Bound.ANSWER_UNREAD));
        assertFalse(client.isOver(1));
    }

    /** A stream that waits does not wait with the memory of an answer that is not counted. */
    @Test
    void answersThatAreNotTakenAreCountedTogether() throws Exception {
        start("node.directBytesMax=1048576", "http.deadlineMs=20500");
        for (int i = 0; i < 4; i++) {
            Http2Socket client = client(4, 0);
            for (int id = 1; id < 200; id += 2) {
                client.get(id, PAGE);
            }
        }
        Await.until("the slowest are cut", () -> refused(Bound.UNREAD_BYTES) > 0);
        isServed();
    }

    @Test
    void headsOfRequestsThatSayNoMoreTakeOfTheMemoryOfClients() throws Exception {
        start(1L << 20, "http.deadlineMs=20500");
        List<Http2Socket> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Http2Socket client = client();
            clients.add(client);
            for (int id = 1; id < 200; id += 2) {
                client.head(id, false, "POST", "/orders", "content-type", "application/json", "x-a", "a".repeat(6_000));
            }
        }
        Await.until("there is no more", () -> refused(Bound.MEMORY) > 0);
        clients.get(3).turn();
        assertEquals(503, clients.get(3).answer(199).status());
        for (Http2Socket client : clients) {
            client.close();
        }
        nothingIsHeld();
        isServed();
    }

    @Test
    void theLongestIdleConnectionGivesWayAndOneWithAStreamDoesNot() throws Exception {
        start("http.connectionsMax=3", "http.deadlineMs=20500");
        node.client.close();
        Await.until("none is open", () -> node.metrics.httpConnections().of("0").now() == 0);
        Http2Socket waits = client();
        waits.post(1, NEVER);
        Await.until("it waits", () -> !held.isEmpty());
        Http2Socket idle = client();
        assertEquals(201, idle.post(1, HttpSocket.ORDER).answer(1).status());
        Http2Socket used = client();
        assertEquals(201, used.post(1, HttpSocket.ORDER).answer(1).status());
        isServed();
        assertEquals(Http2Socket.NO_ERROR, idle.endCode());
        assertTrue(idle.isGoingAway());
        assertEquals(201, used.post(3, HttpSocket.ORDER).answer(3).status());
        letGo();
        assertEquals(201, waits.answer(1).status());
        assertEquals(1, refused(Bound.HTTP_CONNECTIONS));
    }

    @Test
    void oneAddressHasAsManyConnectionsAsItMayHave() throws Exception {
        start("http.connectionsPerAddressMax=2");
        isServed();
        assertEquals(Http2Socket.NO_ERROR, client().endCode());
        assertEquals(1, refused(Bound.HTTP_CONNECTIONS_PER_ADDRESS));
    }

    @Test
    void aConnectionThatOnlyPingsIsIdle() throws Exception {
        start("http.idleTimeoutMs=1200");
        Http2Socket client = client();
        assertEquals(201, client.post(1, HttpSocket.ORDER).answer(1).status());
        Await.until("it was ended", () -> {
            Await.pause("a ping now and then", 100);
            try {
                client.turn();
            } catch (UncheckedIOException ended) {
                return true;
            }
            return client.isGoingAway();
        });
        assertEquals(Http2Socket.NO_ERROR, client.endCode());
    }

    @Test
    void aConnectionTooManyOfAnAccountEndsBehindTheAnswersThatItIsOwed() throws Exception {
        start("quota.default.connections=2", "http.deadlineMs=20500");
        isServed();
        Http2Socket second = client();
        assertEquals(201, second.post(1, HttpSocket.ORDER).answer(1).status());
        Http2Socket third = client();
        third.get(1, "/docs");
        third.post(3, HttpSocket.ORDER);
        assertEquals(429, third.answer(3).status());
        assertEquals(200, third.answer(1).status());
        assertEquals(Http2Socket.NO_ERROR, third.endCode());
        assertTrue(third.isGoingAway());
        assertEquals(201, second.post(3, HttpSocket.ORDER).answer(3).status());
    }
}
