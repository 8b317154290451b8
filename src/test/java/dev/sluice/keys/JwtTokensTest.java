package dev.sluice.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.auth.Decision;
import dev.sluice.auth.Decision.Granted;
import dev.sluice.auth.Decision.Refused;
import dev.sluice.auth.Identity;
import dev.sluice.auth.Refusal;
import dev.sluice.auth.Scope;
import dev.sluice.config.SluiceConfig;
import dev.sluice.keys.TestIssuer.Signer;
import dev.sluice.rig.Await;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an issuer that publishes its keys over HTTP; the test signs them with the JDK alone. */
@Tag("contract")
@Timeout(60)
class JwtTokensTest {

    private static final Signer RSA = Signer.rsa("rsa-1", 2048);
    private static final Signer NEXT = Signer.rsa("rsa-2", 2048);
    private static final Signer EC = Signer.ec("ec-1");
    private static final Signer STRANGER = Signer.rsa("rsa-1", 2048);
    private static final int STALE_MS = 60_000;

    private final Vertx vertx = Vertx.vertx();
    private final TestIssuer issuer = new TestIssuer(RSA, EC);
    private final AtomicLong passedNanos = new AtomicLong();
    private final AtomicLong passedMillis = new AtomicLong();
    private final JwtTokens tokens = new JwtTokens(
            SluiceConfig.of(
                            "auth.mode=jwt",
                            "auth.jwt.issuer=" + TestIssuer.NAME,
                            "auth.jwt.audience=" + TestIssuer.AUDIENCE,
                            "auth.jwt.jwksUri=" + issuer.uri(),
                            "auth.jwt.clockSkewMs=30000",
                            "auth.jwt.staleMs=" + STALE_MS)
                    .auth()
                    .jwt(),
            () -> System.nanoTime() + passedNanos.get(),
            () -> System.currentTimeMillis() + passedMillis.get());

    private void read() {
        Await.result(vertx.deployVerticle(new JwksWatch(issuer.uri(), STALE_MS, tokens)));
        Await.until("the issuer's keys are known", () -> !tokens.wantsKeys());
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
        issuer.close();
    }

    private void passes(long ms) {
        passedNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    private static JsonObject claims() {
        return TestIssuer.claims("shop");
    }

    private static JsonObject header(String algorithm) {
        return new JsonObject().put("alg", algorithm).put("kid", RSA.kid());
    }

    private Identity granted(String token) {
        return assertInstanceOf(Granted.class, tokens.holder(token)).identity();
    }

    private static Refusal refused(Decision decision) {
        return assertInstanceOf(Refused.class, decision).reason();
    }

    private void assertInvalid(String token) {
        assertEquals(Refusal.INVALID_TOKEN, refused(tokens.holder(token)));
    }

    @Test
    void aGoodTokenIsItsAccount() {
        read();
        Identity client = granted(RSA.token(claims()));
        assertEquals(new Identity(Identity.Method.JWT, "shop", "service-7", Scope.OF_CLIENTS), client);
        assertEquals("shop", granted(EC.token(claims())).account());
        assertEquals(
                "shop",
                granted(RSA.token(header("RS512"), claims(), "SHA512withRSA")).account());
    }

    @Test
    void scopesAreATextOrAList() {
        read();
        assertEquals(
                Scope.OF_CLIENTS,
                granted(RSA.token(claims().put(
                                        "scope", new JsonArray().add("read").add("submit"))))
                        .scopes());
        JsonObject none = claims();
        none.remove("scope");
        assertTrue(granted(RSA.token(none)).scopes().isEmpty());
    }

    /** Algorithm confusion: the published key is no secret, whatever form of it serves as one. */
    @Test
    void aTokenSignedWithAPublicKeyAsASecretIsRefused() {
        read();
        byte[] encoded = RSA.pair().getPublic().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END PUBLIC KEY-----\n";
        for (byte[] secret :
                new byte[][] {encoded, pem.getBytes(UTF_8), RSA.jwk().encode().getBytes(UTF_8), {0}}) {
            assertInvalid(TestIssuer.hmac(header("HS256"), claims(), secret));
            assertInvalid(TestIssuer.hmac(header("RS256"), claims(), secret));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "RS1", "rs256", "EdDSA"})
    void otherAlgorithmsAreRefused(String algorithm) {
        read();
        String unsigned = TestIssuer.part(header(algorithm)) + "." + TestIssuer.part(claims()) + ".";
        assertInvalid(unsigned);
        assertInvalid(unsigned + "AAAA");
        assertInvalid(RSA.token(header(algorithm), claims(), "SHA256withRSA"));
    }

    /** Also before any key is known, where a library might take unsigned ones. */
    @Test
    void anUnsignedTokenIsRefusedWhileNoKeyIsKnown() {
        String unsigned = TestIssuer.part(new JsonObject().put("alg", "none")) + "." + TestIssuer.part(claims()) + ".";
        assertInvalid(unsigned);
        assertEquals(Refusal.AUTH_UNAVAILABLE, refused(tokens.holder(RSA.token(claims()))));
    }

    @Test
    void aKeyThatATokenBringsIsNoKey() {
        read();
        for (String member : new String[] {"jwk", "jku", "x5c", "x5u", "crit"}) {
            JsonObject header = header("RS256").put(member, member.equals("jwk") ? STRANGER.jwk() : "x");
            assertInvalid(RSA.token(header, claims(), "SHA256withRSA"));
        }
    }

    @Test
    void anothersSignatureIsRefused() {
        read();
        assertInvalid(STRANGER.token(claims()));
        String[] parts = RSA.token(claims()).split("\\.", -1);
        assertInvalid(parts[0] + "." + TestIssuer.part(claims().put("account", "other")) + "." + parts[2]);
        assertInvalid(parts[0] + "." + parts[1] + ".");
        assertInvalid(parts[0] + "." + parts[1]);
        assertInvalid(parts[0] + "." + parts[1] + "." + parts[2] + ".x");
    }

    @ParameterizedTest
    @CsvSource({
        "iss, https://other.example/",
        "iss, https://issuer.example",
        "aud, other",
        "aud, sluic",
        "account, ''",
        "account, a/b",
        "account, 0123456789012345678901234567890123456789012345678901234567890123456789"
    })
    void claimsOfAnotherAreRefused(String claim, String value) {
        read();
        assertInvalid(RSA.token(claims().put(claim, value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "account", "exp"})
    void claimsThatAreMissingAreRefused(String claim) {
        read();
        JsonObject without = claims();
        without.remove(claim);
        assertInvalid(RSA.token(without));
    }

    @Test
    void anAudienceMayBeOneOfSeveral() {
        read();
        granted(RSA.token(claims().put("aud", new JsonArray().add("other").add(TestIssuer.AUDIENCE))));
        assertInvalid(RSA.token(claims().put("aud", new JsonArray().add("other").add("more"))));
    }

    /** The clocks may differ by 30 s. */
    @ParameterizedTest
    @CsvSource({
        "exp, -20, true", "exp, -40, false", "exp, 20, true",
        "nbf, 20, true", "nbf, 40, false", "nbf, -20, true",
        "iat, 20, true", "iat, 40, false"
    })
    void timesHoldButForTheSkew(String claim, int seconds, boolean valid) {
        read();
        long time = Instant.now().getEpochSecond() + seconds;
        assertEquals(valid, tokens.holder(RSA.token(claims().put(claim, time))) instanceof Granted);
    }

    @Test
    void aTokenThatWasGoodExpires() {
        read();
        String token = RSA.token(claims());
        granted(token);
        granted(token);
        passedMillis.addAndGet(TimeUnit.SECONDS.toMillis(631));
        assertInvalid(token);
    }

    /** The issuer rotates: the new key is taken without a restart, the old one is not. */
    @Test
    void rotatedKeysArePickedUp() {
        read();
        String old = RSA.token(claims());
        granted(old);
        issuer.publishes(NEXT, EC);
        passes(JwtTokens.ASKED_AGAIN_MS);
        String fresh = NEXT.token(claims());
        assertEquals(Refusal.AUTH_UNAVAILABLE, refused(tokens.holder(fresh)), "it is not known yet");
        Await.until("the new key is known", () -> tokens.holder(fresh) instanceof Granted);
        assertInvalid(old);
    }

    /** Tokens with invented keys do not have the issuer asked for each. */
    @Test
    void anUnknownKeyHasTheIssuerAskedOnce() {
        read();
        passes(JwtTokens.ASKED_AGAIN_MS);
        String invented = Signer.rsa("invented", 2048).token(claims());
        Await.until("it is known to be none", () -> refused(tokens.holder(invented)) == Refusal.INVALID_TOKEN);
        int asked = issuer.asked();
        for (int i = 0; i < 100; i++) {
            assertInvalid(invented);
        }
        assertEquals(asked, issuer.asked());
        assertTrue(asked <= 2, () -> "asked " + asked);
    }

    @Test
    void whileTheIssuerIsAwayItsKeysServeForAWhile() {
        read();
        issuer.answers(503);
        String token = RSA.token(claims());
        passes(STALE_MS - 1_000);
        granted(token);
        passes(2_000);
        assertEquals(Refusal.AUTH_UNAVAILABLE, refused(tokens.holder(token)));
        issuer.answers(200);
        Await.until("it is back", () -> {
            passes(JwtTokens.ASKED_AGAIN_MS);
            return tokens.holder(token) instanceof Granted;
        });
    }

    @Test
    void anIssuerThatPublishesNonsenseChangesNothing() {
        read();
        int before = issuer.asked();
        issuer.publishes("<html>maintenance</html>");
        passes(JwtTokens.ASKED_AGAIN_MS);
        tokens.holder(NEXT.token(claims()));
        Await.until("it was asked", () -> issuer.asked() > before && !tokens.wantsKeys());
        granted(RSA.token(claims()));
        assertEquals(
                Refusal.AUTH_UNAVAILABLE,
                refused(tokens.holder(NEXT.token(claims()))),
                "whether there is such a key is not known");
    }

    /** Secrets, keys to encrypt with, short ones and what is no key at all are left out. */
    @Test
    void unfitKeysAreLeftOut() {
        Signer small = Signer.rsa("small", 1024);
        Signer encrypts = Signer.rsa("enc", 2048);
        byte[] secret = "a secret of the issuer, which it should not publish".getBytes(UTF_8);
        JsonArray keys = new JsonArray()
                .add(RSA.jwk())
                .add(small.jwk())
                .add(encrypts.jwk().put("use", "enc"))
                .add(new JsonObject()
                        .put("kty", "oct")
                        .put("kid", "oct")
                        .put("alg", "HS256")
                        .put("k", Base64.getUrlEncoder().withoutPadding().encodeToString(secret)))
                .add(new JsonObject()
                        .put("kty", "RSA")
                        .put("kid", "broken")
                        .put("n", "!")
                        .put("e", "AQAB"))
                .add("no key");
        issuer.publishes(new JsonObject().put("keys", keys).encode());
        read();
        granted(RSA.token(claims()));
        Map.of(
                        "small", small.token(claims()),
                        "enc", encrypts.token(claims()),
                        "oct",
                                TestIssuer.hmac(
                                        new JsonObject().put("alg", "HS256").put("kid", "oct"), claims(), secret))
                .values()
                .forEach(this::assertInvalid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a.b.c", "...", "..", "e30.e30.e30", "W10.e30.", "bnVsbA.e30.x", "eyJhbGciOjF9.e30.x"})
    void whatIsNoTokenIsRefused(String token) {
        read();
        assertInvalid(token);
    }
}
