package dev.sluice.rig;

import dev.sluice.auth.ApiKey;
import dev.sluice.auth.KeyText;
import dev.sluice.auth.Scope;
import dev.sluice.config.SluiceConfig;
import dev.sluice.node.KeyTool;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** Keys in the database of a test. Every method blocks. */
public final class TestKeys {

    private final SluiceConfig config;

    public TestKeys(String postgresUri) {
        this.config = SluiceConfig.of("postgres.uri=" + postgresUri);
    }

    /** A key of a client. */
    public KeyText of(String account) {
        return of(account, Scope.OF_CLIENTS);
    }

    public KeyText of(String account, Set<Scope> scopes) {
        KeyText text = KeyText.fresh(new SecureRandom());
        ApiKey stored =
                ApiKey.made(text, account, scopes, now(), null, null, "test").stored();
        Await.result(KeyTool.use(config, keys -> keys.add(stored)));
        return text;
    }

    public void revoke(KeyText key) {
        Await.result(KeyTool.use(config, keys -> keys.end(key.id(), null, now())));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    /** The line of a request's head. */
    public static String header(KeyText key) {
        return "Authorization: Bearer " + key.text();
    }
}
