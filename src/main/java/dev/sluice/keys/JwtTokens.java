package dev.sluice.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.auth.Accounts;
import dev.sluice.auth.Authentication;
import dev.sluice.auth.Decision;
import dev.sluice.auth.Decision.Granted;
import dev.sluice.auth.Identity;
import dev.sluice.auth.KeyHash;
import dev.sluice.auth.Refusal;
import dev.sluice.auth.Scope;
import dev.sluice.auth.Tokens;
import dev.sluice.config.AuthConfig;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges tokens by the public keys that {@link JwksWatch} brings: algorithm by an allow-list, signature, issuer,
 * audience, times, account. A signature is verified once; the verdict on a good token is kept until it expires or the
 * keys change, for {@value #KEPT_MAX} tokens at most. Any thread.
 */
public final class JwtTokens implements Tokens {

    static final int KEPT_MAX = 10_000;

    /** A token that names an unknown key has the keys read anew, but not more often. */
    static final long ASKED_AGAIN_MS = 5_000;

    private static final Decision INVALID = Authentication.refused(Refusal.INVALID_TOKEN);
    private static final Decision UNAVAILABLE = Authentication.refused(Refusal.AUTH_UNAVAILABLE);
    private static final int PARTS = 3;

    /** What was heard of the issuer's keys. */
    private record Heard(@Nullable Jwks keys, long readNanos, boolean lastFailed, long triedNanos) {}

    private record Verified(Jwks by, Granted holder, long untilMs) {}

    private final AuthConfig.Jwt config;
    private final LongSupplier nanoTime;
    private final LongSupplier millis;
    private final Map<String, Verified> kept = new ConcurrentHashMap<>();
    private volatile Heard heard;
    private volatile boolean wanted = true;

    /** No key is known yet. Clocks: elapsed nanoseconds, and milliseconds since the epoch. */
    public JwtTokens(AuthConfig.Jwt config, LongSupplier nanoTime, LongSupplier millis) {
        this.config = config;
        this.nanoTime = nanoTime;
        this.millis = millis;
        long longAgo = nanoTime.getAsLong() - TimeUnit.MILLISECONDS.toNanos(ASKED_AGAIN_MS);
        this.heard = new Heard(null, longAgo, true, longAgo);
    }

    /** What the library is to ask of a token. */
    JWTOptions options() {
        return new JWTOptions()
                .setLeeway((int) TimeUnit.MILLISECONDS.toSeconds(config.clockSkewMs()))
                .setIssuer(Objects.requireNonNull(config.issuer(), "demanded by the rules"))
                .setAudience(List.of(Objects.requireNonNull(config.audience(), "demanded by the rules")));
    }

    /** Whether the keys are to be read anew. */
    boolean wantsKeys() {
        return wanted;
    }

    void loaded(Jwks keys) {
        long now = nanoTime.getAsLong();
        heard = new Heard(keys, now, false, now);
        wanted = false;
    }

    /** The issuer did not answer. */
    void failed() {
        heard = new Heard(heard.keys, heard.readNanos, true, nanoTime.getAsLong());
        wanted = false;
    }

    @Override
    public Decision holder(String token) {
        String[] parts = token.split("\\.", -1);
        JsonObject header = parts.length == PARTS ? json(parts[0]) : null;
        if (header == null || !isAllowed(header)) {
            return INVALID;
        }
        Heard present = heard;
        Jwks keys = present.keys;
        if (keys == null || isOlder(present.readNanos, config.staleMs())) {
            ask(present);
            return UNAVAILABLE;
        }
        if (header.getValue("kid") instanceof String kid
                && keys.allNamed()
                && !keys.keyIds().contains(kid)) {
            return unknownKey(present);
        }
        return verified(keys, token, parts[1]);
    }

    /** What it demands to be understood is not, and a key of its own is no key. */
    private static boolean isAllowed(JsonObject header) {
        return header.getValue("alg") instanceof String algorithm
                && Jwks.ALGORITHMS.contains(algorithm)
                && !header.containsKey("crit")
                && !header.containsKey("jwk")
                && !header.containsKey("jku")
                && !header.containsKey("x5c")
                && !header.containsKey("x5u");
    }

    /** The issuer may have new keys: until it was asked, nothing is known about the token. */
    private Decision unknownKey(Heard present) {
        ask(present);
        return wanted || present.lastFailed ? UNAVAILABLE : INVALID;
    }

    private void ask(Heard present) {
        if (isOlder(present.triedNanos, ASKED_AGAIN_MS)) {
            wanted = true;
        }
    }

    private boolean isOlder(long nanos, long ms) {
        return nanoTime.getAsLong() - nanos >= TimeUnit.MILLISECONDS.toNanos(ms);
    }

    private Decision verified(Jwks keys, String token, String payload) {
        String hash = KeyHash.of(token).toString(); // tokens are long
        Verified known = kept.get(hash);
        if (known != null && known.by.equals(keys) && millis.getAsLong() < known.untilMs) {
            return known.holder;
        }
        JsonObject claims = isGenuine(keys, token) ? json(payload) : null;
        Verified verified = claims == null ? null : verified(keys, claims);
        if (verified == null) {
            kept.remove(hash);
            return INVALID;
        }
        if (kept.size() >= KEPT_MAX) {
            kept.clear();
        }
        kept.put(hash, verified);
        return verified.holder;
    }

    /** Signature, issuer, audience and times. The library answers at once, and keeps threads apart. */
    private static boolean isGenuine(Jwks keys, String token) {
        Future<User> user = keys.auth().authenticate(new TokenCredentials(token));
        return user.succeeded();
    }

    /** Null where the claims name no end, no account, or one that has passed. */
    private @Nullable Verified verified(Jwks keys, JsonObject claims) {
        if (!(claims.getValue("exp") instanceof Number end)
                || !(claims.getValue(config.accountClaim()) instanceof String account)
                || !Accounts.isValid(account)) {
            return null;
        }
        long untilMs = TimeUnit.SECONDS.toMillis(end.longValue()) + config.clockSkewMs();
        if (millis.getAsLong() >= untilMs) {
            return null;
        }
        String subject = claims.getValue("sub") instanceof String text ? text : "no subject";
        Identity holder = new Identity(Identity.Method.JWT, account, subject, scopes(claims));
        return new Verified(keys, new Granted(holder), untilMs);
    }

    private Set<Scope> scopes(JsonObject claims) {
        Object claim = claims.getValue(config.scopeClaim());
        if (claim instanceof String text) {
            return Scope.known(Arrays.asList(text.split(" ", -1)));
        }
        return claim instanceof JsonArray list
                ? Scope.known(list.stream().map(String::valueOf).toList())
                : Set.of();
    }

    private static @Nullable JsonObject json(String part) {
        try {
            return new JsonObject(new String(Base64.getUrlDecoder().decode(part), UTF_8));
        } catch (IllegalArgumentException | DecodeException e) {
            return null;
        }
    }
}
