package dev.sluice.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

    /** With the default of the bound: one below, at, one above. */
    @ParameterizedTest
    @CsvSource({
        "writer.deadlineMs, 1999, 2000, 2001, bus.deadlineMs",
        "bus.deadlineMs, 4999, 5000, 5001, http.deadlineMs",
        "shutdown.graceMs, 19999, 20000, 20001, shutdown.deadlineMs"
    })
    void aDeadlineIsBelowTheOneAroundIt(String key, int below, int at, int above, String bound) {
        assertDoesNotThrow(() -> SluiceConfig.of(key + "=" + below));
        assertNamesBoth(key, at, bound);
        assertNamesBoth(key, above, bound);
    }

    /** With the default of 800 ms for Redis: one below, at, one above. */
    @ParameterizedTest
    @CsvSource({
        "writer.deadlineMs, 1199, 1200, 1201, bus.deadlineMs",
        "bus.deadlineMs, 4199, 4200, 4201, http.deadlineMs",
        "overflow.deadlineMs, 999, 1000, 1001, bus.deadlineMs"
    })
    void withAnOverflowItsDeadlineFitsToo(String key, int below, int at, int above, String bound) {
        assertDoesNotThrow(() -> queueing(key, below));
        for (int value : new int[] {at, above}) {
            ConfigException thrown = assertThrows(ConfigException.class, () -> queueing(key, value));
            assertEquals(1, thrown.problems().size(), thrown.getMessage());
            assertTrue(thrown.getMessage().contains(key + " (" + value + " ms, --set)"), thrown.getMessage());
            assertTrue(thrown.getMessage().contains("overflow.deadlineMs ("), thrown.getMessage());
            assertTrue(thrown.getMessage().contains(bound + " ("), thrown.getMessage());
            assertDoesNotThrow(() -> SluiceConfig.of(key + "=" + value), "without redis.uri nothing is queued");
            assertDoesNotThrow(
                    () -> SluiceConfig.of(key + "=" + value, "redis.uri=redis://h", "overflow.enabled=false"));
        }
    }

    @Test
    void deadlinesThatDoNotNestEvenWithoutTheOverflowAreOneProblem() {
        ConfigException thrown = assertThrows(ConfigException.class, () -> queueing("writer.deadlineMs", 2_000));
        assertEquals(1, thrown.problems().size(), thrown.getMessage());
    }

    private static SluiceConfig queueing(String key, int value) {
        return SluiceConfig.of("redis.uri=redis://h", key + "=" + value);
    }

    @Test
    void thereIsAnOverflowWhereItIsWantedAndHasARedis() {
        assertFalse(SluiceConfig.defaults().hasOverflow());
        assertTrue(SluiceConfig.of("redis.uri=redis://h").hasOverflow());
        assertFalse(
                SluiceConfig.of("redis.uri=redis://h", "overflow.enabled=false").hasOverflow());
    }

    @ParameterizedTest
    @CsvSource({
        "writer.bufferMax, 511, 512, 513, writer.batchMax",
        "writer.batchBytesMax, 65535, 65536, 65537, http.bodyBytesMax"
    })
    void aBoundHoldsWhatMustFitIt(String bound, int below, int at, int above, String key) {
        assertThrows(ConfigException.class, () -> SluiceConfig.of(bound + "=" + below));
        assertDoesNotThrow(() -> SluiceConfig.of(bound + "=" + at));
        assertDoesNotThrow(() -> SluiceConfig.of(bound + "=" + above));
    }

    @Test
    void anIdleTimeoutThatCutsOffAnswersIsRefused() {
        assertNamesBoth("http.idleTimeoutMs", 5000, "http.deadlineMs");
        assertDoesNotThrow(() -> SluiceConfig.of("http.idleTimeoutMs=5001"));
    }

    private static void assertNamesBoth(String key, int value, String bound) {
        String message = assertThrows(ConfigException.class, () -> SluiceConfig.of(key + "=" + value))
                .getMessage();
        assertTrue(message.contains(key + " (" + value + " ms, --set)"), message);
        assertTrue(message.contains(bound + " ("), message);
    }

    @Test
    void aRuleIsSilentWhereAValueIsBroken() {
        ConfigException thrown = assertThrows(
                ConfigException.class, () -> SluiceConfig.of("bus.deadlineMs=x", "writer.deadlineMs=9000"));
        assertEquals(1, thrown.problems().size(), thrown.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"})
    void loopbackNeedsNoToken(String host) {
        assertDoesNotThrow(() -> SluiceConfig.of("admin.host=" + host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7", "node-1", "127.0.0.1.example.com", "localhost.example.com"})
    void beyondLoopbackTheAdminApiNeedsAToken(String host) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of("admin.host=" + host));
        assertTrue(thrown.getMessage().contains("SLUICE_ADMIN_TOKEN"), thrown.getMessage());
        String token = "t".repeat(31);
        ConfigException shortToken = assertThrows(
                ConfigException.class, () -> SluiceConfig.of("admin.host=" + host, "admin.token=" + token));
        assertTrue(shortToken.getMessage().contains("openssl rand -base64 32"), shortToken.getMessage());
        assertFalse(shortToken.getMessage().contains(token), shortToken.getMessage());
        assertDoesNotThrow(() -> SluiceConfig.of("admin.host=" + host, "admin.token=" + token + "t"));
        assertDoesNotThrow(() -> SluiceConfig.of("admin.host=" + host, "admin.token=" + token + "tt"));
        assertFalse(Rules.isLoopback(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7", "node-1", "127.0.0.1.example.com"})
    void beyondLoopbackTheOrderApiNeedsCredentialsOrAWord(String host) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of("http.host=" + host));
        assertTrue(thrown.getMessage().contains("http.host (" + host + ", --set)"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("http.allowAnonymous"), thrown.getMessage());
        assertTrue(
                SluiceConfig.of("http.host=" + host, "http.allowAnonymous=true").isOpen());
        assertFalse(SluiceConfig.of("http.allowAnonymous=true").isOpen());
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "jwt", "keys+jwt"})
    void withCredentialsBothListenersMayBeBeyondLoopback(String mode) {
        SluiceConfig config = SluiceConfig.of(jwt("auth.mode=" + mode, "http.host=0.0.0.0", "admin.host=0.0.0.0"));
        assertFalse(config.isOpen());
        SluiceConfig moving =
                SluiceConfig.of(jwt("auth.mode=" + mode, "http.host=0.0.0.0", "auth.anonymousAccount=default"));
        assertTrue(moving.isOpen(), "it serves clients without credentials");
        assertThrows(
                ConfigException.class,
                () -> SluiceConfig.of(jwt("auth.mode=" + mode, "admin.host=0.0.0.0", "admin.token=short")));
    }

    private static String[] jwt(String... more) {
        return Stream.concat(
                        Stream.of(
                                "auth.jwt.issuer=https://issuer.example/",
                                "auth.jwt.audience=sluice",
                                "auth.jwt.jwksUri=https://issuer.example/jwks"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"issuer", "audience", "jwksUri"})
    void tokensOfAnyIssuerOrForAnyAudienceAreNotTaken(String missing) {
        ConfigException thrown = assertThrows(
                ConfigException.class, () -> SluiceConfig.of(jwt("auth.mode=keys+jwt", "auth.jwt." + missing + "=")));
        assertTrue(thrown.getMessage().contains("auth.jwt." + missing), thrown.getMessage());
        assertDoesNotThrow(() -> SluiceConfig.of("auth.mode=keys"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://issuer.example/jwks",
                "http://127.0.0.1.example.com/jwks",
                "ftp://issuer.example/jwks",
                "issuer.example/jwks",
                "https:///jwks",
                "https://a b/jwks"
            })
    void publicKeysComeByHttpsOrFromThisMachine(String uri) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of("auth.jwt.jwksUri=" + uri));
        assertTrue(thrown.getMessage().contains("auth.jwt.jwksUri"), thrown.getMessage());
        assertDoesNotThrow(() -> SluiceConfig.of("auth.jwt.jwksUri=http://127.0.0.1:9000/jwks"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth.anonymousAccount=a/b", "bridge.account=a b", "auth.anonymousAccount=ä"})
    void anAccountHasANameOfItsForm(String set) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of(set));
        assertTrue(thrown.getMessage().contains("is no account"), thrown.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.allowedHosts=shop.example:443",
                "http.allowedHosts=https://shop.example",
                "http.allowedHosts=a.example,,b.example",
                "http.allowedHosts=*",
                "admin.allowedHosts=a b",
                "http.cors.origins=*",
                "http.cors.origins=shop.example",
                "http.cors.origins=https://shop.example/",
                "http.cors.origins=null"
            })
    void aListOfWhatIsNoneIsRefused(String set) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of(set));
        assertTrue(thrown.getMessage().contains("commas between"), thrown.getMessage());
    }

    @Test
    void aListHasCommasBetween() {
        SluiceConfig config = SluiceConfig.of(
                "http.allowedHosts=a.example, B.example", "http.cors.origins=https://a.example:8443,http://[::1]:3000");
        assertEquals(List.of("a.example", "B.example"), config.http().allowedHostList());
        assertEquals(
                List.of("https://a.example:8443", "http://[::1]:3000"),
                config.http().corsOriginList());
        assertEquals(List.of(), config.admin().allowedHostList());
    }

    @Test
    void everyRuleSpeaksOfKeysThatExist() {
        List<String> keys = Rules.keys().toList();
        keys.forEach(key -> assertNotNull(Schema.find(key), key));
    }
}
