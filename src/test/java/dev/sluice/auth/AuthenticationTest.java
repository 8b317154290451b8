package dev.sluice.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.auth.Authentication.Methods;
import dev.sluice.auth.Decision.Granted;
import dev.sluice.auth.Decision.Refused;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ADMIN_TOKEN = "hush-hush/of!the$operators";

    private final KeyText key = KeyText.fresh(RANDOM);
    private final ApiKey stored =
            new ApiKey(key.id(), "shop", key.hash(), Scope.OF_CLIENTS, NOW.minusSeconds(60), null, null, null, "");
    private Instant now = NOW;

    private Authentication with(@Nullable KeySnapshot keys) {
        return Authentication.by(new Methods(() -> keys, null, KeyHash.of(ADMIN_TOKEN), () -> now));
    }

    private Authentication with(ApiKey... keys) {
        return with(KeySnapshot.of(List.of(keys)));
    }

    private static Identity granted(Decision decision) {
        return assertInstanceOf(Granted.class, decision).identity();
    }

    private static Refusal refused(Decision decision) {
        return assertInstanceOf(Refused.class, decision).reason();
    }

    private Decision shown(ApiKey one) {
        return with(one).decide("Bearer " + key.text(), Scope.SUBMIT);
    }

    @Test
    void aKeyIsItsAccount() {
        Identity client = granted(shown(stored));
        assertEquals(new Identity(Identity.Method.KEY, "shop", key.id(), Scope.OF_CLIENTS), client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer %s", "bearer %s", "BEARER %s", "Bearer   %s", "Bearer %s "})
    void theSchemeIsWrittenAsPeopleDo(String form) {
        granted(with(stored).decide(form.formatted(key.text()), Scope.READ));
    }

    /** The right id and another secret, with a right check of its own. */
    @Test
    void theSecretIsCompared() {
        KeyText other = KeyText.fresh(RANDOM);
        ApiKey otherSecret = new ApiKey(
                key.id(), "shop", other.hash(), Scope.OF_CLIENTS, NOW.minusSeconds(60), null, null, null, "");
        assertEquals(Refusal.INVALID_TOKEN, refused(shown(otherSecret)));
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "0, true", "1, false"})
    void notBefore(long seconds, boolean valid) {
        ApiKey later = new ApiKey(
                key.id(), "shop", key.hash(), Scope.OF_CLIENTS, NOW, NOW.plusSeconds(seconds), null, null, "");
        assertEquals(valid, shown(later) instanceof Granted);
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, false", "1, true"})
    void expiresAt(long seconds, boolean valid) {
        assertEquals(valid, shown(stored.expiring(NOW.plusSeconds(seconds))) instanceof Granted);
    }

    /** Whatever the registry says or does not say: the clock ends it. */
    @Test
    void anExpiryHoldsWithoutANewSnapshot() {
        Authentication asked = with(stored.expiring(NOW.plusSeconds(1)));
        granted(asked.decide("Bearer " + key.text(), Scope.SUBMIT));
        now = NOW.plus(Duration.ofSeconds(1));
        assertEquals(Refusal.INVALID_TOKEN, refused(asked.decide("Bearer " + key.text(), Scope.SUBMIT)));
    }

    /** Also where the clock of who revoked it is ahead of the node's. */
    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 3_600, 1_000_000_000})
    void aRevokedKeyIsRefused(long secondsFromNow) {
        assertEquals(Refusal.INVALID_TOKEN, refused(shown(stored.revoked(NOW.plusSeconds(secondsFromNow)))));
    }

    @Test
    void anEarlierEndStands() {
        ApiKey soon = stored.expiring(NOW.plusSeconds(5)).expiring(NOW.plusSeconds(50));
        assertEquals(NOW.plusSeconds(5), soon.expiresAt());
        assertEquals(NOW, stored.revoked(NOW).revoked(NOW.plusSeconds(9)).revokedAt());
    }

    @Test
    void aKeyIsNotAnothers() {
        assertEquals(
                Refusal.INVALID_TOKEN,
                refused(with(stored).decide("Bearer " + KeyText.fresh(RANDOM).text(), Scope.SUBMIT)));
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void aScopeIsNeeded(Scope scope) {
        Set<Scope> all = EnumSet.allOf(Scope.class);
        ApiKey may = new ApiKey(key.id(), "shop", key.hash(), Set.of(scope), NOW, null, null, null, "");
        granted(with(may).decide("Bearer " + key.text(), scope));
        all.remove(scope);
        ApiKey mayNot = new ApiKey(key.id(), "shop", key.hash(), all, NOW, null, null, null, "");
        assertEquals(Refusal.INSUFFICIENT_SCOPE, refused(with(mayNot).decide("Bearer " + key.text(), scope)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "bearer    ", "Bearer a b", "Bearer a\tb", "Bearer \u00e4"})
    void malformedCredentialsAreABadRequest(String authorization) {
        assertEquals(Refusal.INVALID_REQUEST, refused(with(stored).decide(authorization, Scope.SUBMIT)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic YTpi", "Digest username=\"a\"", "Negotiate abc", "Bearerx abc"})
    void anotherSchemeIsNone(String authorization) {
        assertEquals(Refusal.UNAUTHENTICATED, refused(with(stored).decide(authorization, Scope.SUBMIT)));
        assertEquals(Refusal.UNAUTHENTICATED, refused(with(stored).decide(null, Scope.SUBMIT)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "slk_", "slk_abc", "a.b.c", "hush", "SLK_0123456789AB"})
    void whatIsNoKeyIsAnInvalidToken(String token) {
        assertEquals(Refusal.INVALID_TOKEN, refused(with(stored).decide("Bearer " + token, Scope.SUBMIT)));
        assertEquals(Refusal.INVALID_TOKEN, refused(with((KeySnapshot) null).decide("Bearer " + token, Scope.SUBMIT)));
    }

    @Test
    void whileNoKeyWasEverLoadedNothingIsKnown() {
        assertEquals(
                Refusal.AUTH_UNAVAILABLE,
                refused(with((KeySnapshot) null).decide("Bearer " + key.text(), Scope.SUBMIT)));
    }

    @Test
    void theAdminTokenHasTheScopesOfOperatorsAlways() {
        Authentication asked = with((KeySnapshot) null);
        for (Scope scope : Scope.values()) {
            Decision decision = asked.decide("Bearer " + ADMIN_TOKEN, scope);
            assertEquals(Scope.OF_OPERATORS.contains(scope), decision instanceof Granted, scope.text());
        }
        assertEquals(Identity.ADMIN, granted(asked.decide("bearer  " + ADMIN_TOKEN, Scope.OPS_READ)));
        assertEquals(Refusal.INVALID_TOKEN, refused(asked.decide("Bearer " + ADMIN_TOKEN + "2", Scope.OPS_READ)));
    }

    @Test
    void clientsThatMoveAreServedWithoutCredentials() {
        Authentication asked = Authentication.by(
                new Methods(() -> KeySnapshot.of(List.of(stored)), null, null, () -> now),
                Identity.anonymous("default"));
        assertEquals("default", granted(asked.decide(null, Scope.SUBMIT)).account());
        assertEquals(
                "shop",
                granted(asked.decide("Bearer " + key.text(), Scope.SUBMIT)).account());
        assertEquals(Refusal.INSUFFICIENT_SCOPE, refused(asked.decide(null, Scope.OPS_READ)));
        String wrong = "Bearer " + KeyText.fresh(RANDOM).text();
        assertEquals(Refusal.INVALID_TOKEN, refused(asked.decide(wrong, Scope.SUBMIT)), "wrong ones are not none");
    }

    @Test
    void whereNothingIsAskedNothingIsLookedAt() {
        Authentication trusting = Authentication.trusting(Identity.EVERY_CLIENT);
        assertEquals(Identity.EVERY_CLIENT, granted(trusting.decide("Bearer", Scope.SUBMIT)));
    }
}
