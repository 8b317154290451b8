package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.auth.ApiKey;
import dev.sluice.auth.Authentication;
import dev.sluice.auth.Authentication.Methods;
import dev.sluice.auth.Identity;
import dev.sluice.auth.KeySnapshot;
import dev.sluice.auth.KeyText;
import dev.sluice.auth.Refusal;
import dev.sluice.auth.Scope;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.order.Outcome;
import dev.sluice.rig.Await;
import dev.sluice.rig.Http2Socket;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.LogLines;
import dev.sluice.rig.Reply;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client hears that may not, and when: before a byte of its body is kept. */
@Tag("contract")
@Timeout(60)
class AuthenticatedIntakeTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final KeyText SHOP = KeyText.fresh(RANDOM);
    private static final KeyText READER = KeyText.fresh(RANDOM);
    private static final KeyText EXPIRED = KeyText.fresh(RANDOM);
    private static final KeyText REVOKED = KeyText.fresh(RANDOM);
    private static final KeyText UNKNOWN = KeyText.fresh(RANDOM);

    private static final List<ApiKey> KEYS = List.of(
            key(SHOP, "shop", Scope.OF_CLIENTS),
            key(READER, "shop", Set.of(Scope.READ)),
            key(EXPIRED, "shop", Scope.OF_CLIENTS).expiring(Instant.EPOCH.plusSeconds(9)),
            key(REVOKED, "shop", Scope.OF_CLIENTS).revoked(Instant.EPOCH.plusSeconds(9)));

    private static final String ANY_ID = "/orders/0190a5b0-0000-7000-8000-000000000000";

    private final List<String> accounts = new CopyOnWriteArrayList<>();
    private @Nullable KeySnapshot keys = KeySnapshot.of(KEYS);
    private ScriptedNode node;

    private static ApiKey key(KeyText text, String account, Set<Scope> scopes) {
        return ApiKey.made(text, account, scopes, Instant.EPOCH, null, null, "").stored();
    }

    @BeforeEach
    void start() throws Exception {
        node = started(Authentication.by(new Methods(() -> keys, null, null, Instant::now)));
    }

    private ScriptedNode started(Authentication authentication, String... sets) throws Exception {
        ScriptedNode started = new ScriptedNode(authentication, sets);
        started.writer(batch -> {
            List<Outcome> outcomes = new ArrayList<>();
            batch.orders().forEach(order -> {
                accounts.add(order.account());
                outcomes.add(new Outcome.NotStored("scripted"));
            });
            return Future.succeededFuture(new OutcomeBatch(outcomes, 1, 0, 0));
        });
        started.lookup(lookup -> {
            accounts.add(lookup.account());
            return Future.succeededFuture(Optional.empty());
        });
        return started;
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    private static String bearer(KeyText key) {
        return "Authorization: Bearer " + key.text() + "\r\n";
    }

    private Reply ask(String request) {
        try (HttpSocket client = new HttpSocket(node.port)) {
            return client.send(request).read();
        }
    }

    private Reply post(String headers) {
        return ask(HttpSocket.post(headers, HttpSocket.ORDER));
    }

    /** The body never comes: what needs it would be answered at the deadline, with 408. */
    @Test
    void overHttp2TheSameIsAskedBeforeTheBody() throws Exception {
        ScriptedNode streams =
                started(Authentication.by(new Methods(() -> keys, null, null, Instant::now)), "http.http2=true");
        try (Http2Socket client = Http2Socket.open(streams.port)) {
            String[] json = {"content-type", "application/json"};
            Reply none = client.head(1, false, "POST", "/orders", json).answer(1);
            assertEquals(401, none.status());
            assertEquals("Bearer realm=\"sluice\"", none.header("www-authenticate"));
            String[] revoked = {"content-type", "application/json", "authorization", "Bearer " + REVOKED.text()};
            assertEquals(
                    "invalid_token",
                    client.head(3, false, "POST", "/orders", revoked).answer(3).code());
            String shop = "Bearer " + SHOP.text();
            assertEquals(
                    400,
                    client.head(5, true, "GET", ANY_ID, "authorization", shop, "authorization", shop)
                            .answer(5)
                            .status());
            assertEquals(
                    404,
                    client.head(7, true, "GET", ANY_ID, "authorization", shop)
                            .answer(7)
                            .status());
            assertEquals(List.of("shop"), accounts);
        } finally {
            streams.close();
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("", 401, "unauthenticated", "Bearer realm=\"sluice\""),
                Arguments.of("Authorization: Basic YTpi\r\n", 401, "unauthenticated", "Bearer realm=\"sluice\""),
                Arguments.of(bearer(UNKNOWN), 401, "invalid_token", "Bearer realm=\"sluice\", error=\"invalid_token\""),
                Arguments.of(bearer(EXPIRED), 401, "invalid_token", "Bearer realm=\"sluice\", error=\"invalid_token\""),
                Arguments.of(bearer(REVOKED), 401, "invalid_token", "Bearer realm=\"sluice\", error=\"invalid_token\""),
                Arguments.of(
                        "Authorization: Bearer nonsense\r\n",
                        401,
                        "invalid_token",
                        "Bearer realm=\"sluice\", error=\"invalid_token\""),
                Arguments.of(
                        "Authorization: Bearer\r\n",
                        400,
                        "invalid_request",
                        "Bearer realm=\"sluice\", error=\"invalid_request\""),
                Arguments.of(
                        bearer(SHOP) + bearer(SHOP),
                        400,
                        "invalid_request",
                        "Bearer realm=\"sluice\", error=\"invalid_request\""),
                Arguments.of(
                        bearer(READER),
                        403,
                        "insufficient_scope",
                        "Bearer realm=\"sluice\", error=\"insufficient_scope\", scope=\"submit\""));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void theTableOfAnswers(String headers, int status, String code, String challenge) {
        for (String path : List.of("/orders ", "/orders/batch ")) {
            Reply reply = ask(HttpSocket.post(headers, HttpSocket.ORDER).replace("/orders ", path));
            assertEquals(status, reply.status());
            assertEquals(code, reply.code());
            assertEquals(challenge, reply.header("WWW-Authenticate"));
            assertEquals("application/problem+json", reply.header("Content-Type"));
        }
        assertEquals(List.of(), accounts, "nothing was sent anywhere");
    }

    /** One text for all of them: the answer does not tell which keys there are. */
    @Test
    void unknownExpiredAndRevokedKeysSoundAlike() {
        String unknown = post(bearer(UNKNOWN)).body();
        assertEquals(unknown, post(bearer(EXPIRED)).body());
        assertEquals(unknown, post(bearer(REVOKED)).body());
    }

    @Test
    void aGoodKeySubmitsAndReadsAsItsAccount() {
        assertEquals(503, post(bearer(SHOP)).status());
        assertEquals(
                List.of(503),
                ask(HttpSocket.post(bearer(SHOP), "[" + HttpSocket.ORDER + "]").replace("/orders ", "/orders/batch "))
                        .statuses());
        assertEquals(404, get(ANY_ID, bearer(READER)).status());
        assertEquals(404, get("/orders?clientOrderId=k", bearer(READER)).status());
        assertEquals(List.of("shop", "shop", "shop", "shop"), accounts);
    }

    private Reply get(String target, String headers) {
        return ask(HttpSocket.get(target).replace("\r\n\r\n", "\r\n" + headers + "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {ANY_ID, "/orders?clientOrderId=k"})
    void readingNeedsAKeyToo(String target) {
        assertEquals("unauthenticated", get(target, "").code());
        assertEquals("invalid_token", get(target, bearer(REVOKED)).code());
        assertEquals(List.of(), accounts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/openapi.yaml"})
    void theDocumentationIsForAll(String target) {
        assertEquals(200, get(target, "").status());
    }

    @Test
    void aTokenInTheQueryIsNone() {
        String target = "/orders?clientOrderId=k&access_token=" + SHOP.text();
        assertEquals("unauthenticated", get(target, "").code());
        assertEquals("invalid_request", get(target, bearer(SHOP)).code());
    }

    @Test
    void whileNoKeyIsKnownClientsAreAskedToComeBack() {
        keys = null;
        Reply reply = post(bearer(SHOP));
        assertEquals(503, reply.status());
        assertEquals("auth_unavailable", reply.code());
        assertEquals("1", reply.header("Retry-After"));
        assertNull(reply.header("WWW-Authenticate"));
    }

    /** The whole body is announced, none of it comes: who waits for it before refusing never answers. */
    @ParameterizedTest
    @CsvSource({"/orders, 60000", "/orders, 20", "/orders/batch, 8000000"})
    void anUnknownClientIsAnsweredBeforeItsBody(String path, int length) {
        long before = node.memory.held();
        try (HttpSocket client = new HttpSocket(node.port)) {
            client.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + bearer(UNKNOWN) + "Content-Length: " + length + "\r\n\r\n");
            assertEquals("invalid_token", client.read().code());
            assertEquals(before, node.memory.held(), "nothing is reserved for it");
        }
    }

    /** The answer arrives though the client goes on sending: what it sends is dropped within a bound, then the end. */
    @Test
    void anAnswerIsNotEatenByAReset() {
        try (HttpSocket client = new HttpSocket(node.port)) {
            client.send("POST /orders/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                    + bearer(UNKNOWN) + "Content-Length: 8000000\r\n\r\n");
            client.send(new byte[200_000]);
            Reply reply = client.read();
            assertEquals("invalid_token", reply.code());
            assertTrue(reply.isLast(), "it ends with the answer");
            assertTrue(client.isGone());
        }
    }

    /** A client that asks before it sends its body. */
    private static String announced(String headers) {
        return "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers
                + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n";
    }

    @Test
    void anUnknownClientIsNotToldToContinue() {
        try (HttpSocket client = new HttpSocket(node.port)) {
            assertEquals(401, client.send(announced("")).read().status());
        }
        try (HttpSocket client = new HttpSocket(node.port)) {
            assertEquals(100, client.send(announced(bearer(SHOP))).readHead().status());
        }
    }

    /** A short body that is not read does not cost the connection, and is not taken for the next request. */
    @Test
    void theNextRequestOnTheConnectionIsJudgedAnew() {
        try (HttpSocket client = new HttpSocket(node.port)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        401,
                        client.send(HttpSocket.post(bearer(UNKNOWN), HttpSocket.ORDER))
                                .read()
                                .status());
                assertEquals(
                        503,
                        client.send(HttpSocket.post(bearer(SHOP), HttpSocket.ORDER))
                                .read()
                                .status());
            }
        }
    }

    /** Host, method and path, Origin and draining come before, what is in the request after. */
    @Test
    void theOrderOfWork() {
        assertEquals(
                400,
                ask(HttpSocket.post("", HttpSocket.ORDER).replace("Host: localhost", "Host: a b"))
                        .status());
        assertEquals(
                405, ask("DELETE /orders HTTP/1.1\r\nHost: localhost\r\n\r\n").status());
        assertEquals(
                404,
                ask("POST /order HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
                        .status());
        assertEquals("foreign_origin", post("Origin: https://evil.example\r\n").code());
        assertEquals(
                "unauthenticated",
                ask(HttpSocket.post("", HttpSocket.ORDER).replace("application/json", "text/plain"))
                        .code());
        assertEquals(
                "unauthenticated", ask(HttpSocket.post("", "x".repeat(70_000))).code());
        assertEquals("unauthenticated", post("Idempotency-Key: \"x\r\n").code());
        assertEquals(
                "unsupported_media_type",
                ask(HttpSocket.post(bearer(SHOP), HttpSocket.ORDER).replace("application/json", "text/plain"))
                        .code());
        node.shared.drain();
        assertEquals("not_stored", post("").code());
        assertEquals(401, get(ANY_ID, "").status(), "what changes nothing goes on, for those it is for");
    }

    @Test
    void clientsThatMoveAreServedAndCounted() throws Exception {
        node.close();
        node = started(
                Authentication.by(new Methods(() -> keys, null, null, Instant::now), Identity.anonymous("default")));
        assertEquals(503, post("").status());
        assertEquals(503, post("Authorization: Basic YTpi\r\n").status());
        assertEquals(503, post(bearer(SHOP)).status());
        assertEquals("invalid_token", post(bearer(UNKNOWN)).code());
        assertEquals(List.of("default", "default", "shop"), accounts);
        assertEquals(2, node.metrics.anonymousRequests().total());
        assertEquals(
                1, node.metrics.refusedCredentials().of(Refusal.INVALID_TOKEN).total());
    }

    /** A thousand guesses are a thousand in the metrics, and a line in the log. */
    @Test
    void guessesAreCountedAndSaidInBounds() {
        try (LogLines audit = LogLines.of("dev.sluice.audit");
                HttpSocket client = new HttpSocket(node.port)) {
            for (int i = 0; i < 200; i++) {
                client.send(HttpSocket.post(bearer(KeyText.fresh(RANDOM)), HttpSocket.ORDER));
                assertEquals(401, client.read().status());
            }
            Await.until("it is said", () -> !audit.lines().isEmpty());
            assertEquals(
                    200,
                    node.metrics.refusedCredentials().of(Refusal.INVALID_TOKEN).total());
            assertEquals(1, audit.lines().size(), () -> audit.lines().toString());
            String line = audit.lines().get(0);
            assertTrue(line.contains("127.0.0.1") && line.contains("invalid_token"), line);
            assertFalse(line.contains("slk_"), line);
        }
    }
}
