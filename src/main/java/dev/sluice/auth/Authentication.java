package dev.sluice.auth;

import dev.sluice.auth.Decision.Granted;
import dev.sluice.auth.Decision.Refused;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who the client of a request is, and whether it may do what it asks: one function of the {@code Authorization} header.
 * It reads what is in memory, waits for nothing, and may be called on any thread.
 */
public final class Authentication {

    /**
     * What a listener takes.
     *
     * @param keys the present keys, or null while none were ever loaded; null itself where keys are not taken
     * @param tokens judges tokens; null where none are taken
     * @param adminTokenHash of {@code admin.token}; null where there is none
     * @param clock what time it is
     */
    public record Methods(
            @Nullable Supplier<@Nullable KeySnapshot> keys,
            @Nullable Tokens tokens,
            @Nullable KeyHash adminTokenHash,
            Supplier<Instant> clock) {}

    private static final Map<Refusal, Decision> REFUSED = oneOfEach();

    private final Granted withoutCredentials;
    private final boolean trusting;
    private final boolean servesAnonymous;
    private final Methods methods;

    private Authentication(@Nullable Identity withoutCredentials, boolean trusting, Methods methods) {
        this.withoutCredentials = new Granted(withoutCredentials == null ? Identity.EVERY_CLIENT : withoutCredentials);
        this.servesAnonymous = withoutCredentials != null;
        this.trusting = trusting;
        this.methods = methods;
    }

    private static Map<Refusal, Decision> oneOfEach() {
        Map<Refusal, Decision> refused = new EnumMap<>(Refusal.class);
        for (Refusal reason : Refusal.values()) {
            refused.put(reason, new Refused(reason));
        }
        return refused;
    }

    /** A listener that asks for no credentials and looks at none: each client is that one. */
    public static Authentication trusting(Identity everyClient) {
        return new Authentication(everyClient, true, new Methods(null, null, null, () -> Instant.EPOCH));
    }

    /** A listener that asks for credentials. */
    public static Authentication by(Methods methods) {
        return new Authentication(null, false, methods);
    }

    /** The same, which serves clients without credentials all the same. */
    public static Authentication by(Methods methods, Identity anonymous) {
        return new Authentication(anonymous, false, methods);
    }

    /** Whether the listener asks for credentials. */
    public boolean asks() {
        return !trusting;
    }

    /** Whether clients without credentials are served. */
    public boolean servesAnonymous() {
        return servesAnonymous;
    }

    /** The decision about a request with that value of {@code Authorization}, or none. */
    public Decision decide(@Nullable String authorization, Scope needed) {
        if (trusting) {
            return withoutCredentials;
        }
        Credentials credentials = Credentials.of(authorization);
        if (credentials instanceof Credentials.Bearer bearer) {
            return scoped(holder(bearer.token()), needed);
        }
        if (credentials instanceof Credentials.Malformed) {
            return refused(Refusal.INVALID_REQUEST);
        }
        return servesAnonymous ? scoped(withoutCredentials, needed) : refused(Refusal.UNAUTHENTICATED);
    }

    /** The decision that stands for that reason. */
    @SuppressWarnings("NullAway") // every reason has its decision
    public static Decision refused(Refusal reason) {
        return REFUSED.get(reason);
    }

    private static Decision scoped(Decision decision, Scope needed) {
        boolean enough =
                !(decision instanceof Granted granted) || granted.identity().may(needed);
        return enough ? decision : refused(Refusal.INSUFFICIENT_SCOPE);
    }

    private Decision holder(String token) {
        KeyHash hash = KeyHash.of(token);
        if (hash.equals(methods.adminTokenHash())) {
            return new Granted(Identity.ADMIN);
        }
        if (token.startsWith(KeyText.PREFIX)) {
            return methods.keys() == null
                    ? refused(Refusal.INVALID_TOKEN)
                    : holder(token, hash, methods.keys().get());
        }
        return methods.tokens() == null
                ? refused(Refusal.INVALID_TOKEN)
                : methods.tokens().holder(token);
    }

    private Decision holder(String token, KeyHash hash, @Nullable KeySnapshot keys) {
        KeyText key = KeyText.parse(token);
        if (key == null) {
            return refused(Refusal.INVALID_TOKEN);
        }
        if (keys == null) {
            return refused(Refusal.AUTH_UNAVAILABLE);
        }
        Granted holder = keys.holder(key.id(), hash, methods.clock().get());
        return holder == null ? refused(Refusal.INVALID_TOKEN) : holder;
    }
}
