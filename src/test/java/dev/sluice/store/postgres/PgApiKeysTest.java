package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.auth.ApiKey;
import dev.sluice.auth.KeyText;
import dev.sluice.auth.Scope;
import dev.sluice.config.SluiceConfig;
import dev.sluice.keys.KeyRegistry;
import dev.sluice.keys.KeysJson;
import dev.sluice.node.KeyTool;
import dev.sluice.rig.Await;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of keys in a real PostgreSQL. */
@Tag("contract")
@Timeout(60)
class PgApiKeysTest {

    private static final Instant MADE = Instant.parse("2030-01-01T00:00:00.123456Z");
    private static final Instant PAST = Instant.parse("2001-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2101-01-01T00:00:00Z");

    private final String uri = TestPostgres.freshDatabase();

    private <T> T with(Function<KeyRegistry, Future<T>> work) {
        return Await.result(KeyTool.use(SluiceConfig.of("postgres.uri=" + uri), work));
    }

    private static ApiKey key() {
        KeyText text = KeyText.fresh(new SecureRandom());
        return ApiKey.made(text, "a.b-c_1", EnumSet.allOf(Scope.class), MADE, PAST, LATER, "it's \"ours\"")
                .stored();
    }

    private static List<String> ids(List<ApiKey> keys) {
        return keys.stream().map(ApiKey::keyId).toList();
    }

    @Test
    void aKeyComesBackAsItWas() {
        ApiKey key = key();
        with(keys -> keys.add(key));
        ApiKey found = with(KeyRegistry::all).get(0);
        assertEquals(KeysJson.shown(key), KeysJson.shown(found));
        assertEquals(key, found);
        assertThrows(RuntimeException.class, () -> with(keys -> keys.add(key)), "its id is taken");
    }

    @Test
    void whatIsOverIsListedAndNotInForce() {
        ApiKey valid = key();
        ApiKey expired = key().expiring(PAST);
        with(keys -> keys.add(valid));
        with(keys -> keys.add(expired));
        with(keys -> keys.add(key().revoked(PAST)));
        with(keys -> keys.add(key().revoked(LATER))); // by a clock that is ahead
        assertEquals(List.of(valid.keyId()), ids(with(KeyRegistry::current)));
        assertEquals(4, with(KeyRegistry::all).size());
    }

    @Test
    void anEndIsNeverPutOff() {
        ApiKey key = key();
        with(keys -> keys.add(key));
        String id = key.keyId();
        Instant soon = Instant.parse("2050-01-01T00:00:00Z");
        assertEquals(soon, with(keys -> keys.end(id, soon, null)).orElseThrow().expiresAt());
        assertEquals(soon, with(keys -> keys.end(id, LATER, null)).orElseThrow().expiresAt());
        assertEquals(PAST, with(keys -> keys.end(id, null, PAST)).orElseThrow().revokedAt());
        assertEquals(PAST, with(keys -> keys.end(id, null, LATER)).orElseThrow().revokedAt());
        assertEquals(Optional.empty(), with(keys -> keys.end("000000000000", soon, null)));
    }

    /** Rows that people put in by hand. */
    @Test
    void aRowThatIsNoKeyIsLeftOut() {
        ApiKey key = key();
        with(keys -> keys.add(key));
        for (String row : List.of(
                "('short', 'a', sha256('x'), '{submit}')",
                "('000000000001', 'a/b', sha256('x'), '{submit}')",
                "('000000000002', 'a', 'x', '{submit}')",
                "('000000000004', 'a', sha256('x'), '{submit,null}')",
                "('000000000005', 'a', sha256('x'), '{{submit},{read}}')",
                "('', '', '', '{}')")) {
            TestPostgres.execute(uri, "insert into api_keys (key_id, account, hash, scopes) values " + row);
        }
        TestPostgres.execute(
                uri,
                "insert into api_keys (key_id, account, hash, scopes, expires_at) values ('000000000003', 'a',"
                        + " sha256('x'), '{submit,dance}', 'infinity')");
        List<ApiKey> current = with(KeyRegistry::current);
        assertEquals(2, current.size());
        ApiKey byHand = current.stream()
                .filter(one -> one.keyId().equals("000000000003"))
                .findFirst()
                .orElseThrow();
        assertEquals(EnumSet.of(Scope.SUBMIT), byHand.scopes());
        assertTrue(byHand.isValidAt(Instant.now()));
    }
}
