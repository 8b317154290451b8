package dev.sluice.auth;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is stored: all but its secret.
 *
 * @param keyId 12 of base62, see {@link KeyText}
 * @param account whose orders its holder submits and reads
 * @param hash of the whole key
 * @param scopes what its holder may do
 * @param notBefore from when it is valid; null is from the start
 * @param expiresAt until when, not included; null is for ever
 * @param revokedAt when it was revoked, by the clock of who did it; null where it was not. With it the key is over on every
 *     node, whatever their clocks say
 * @param note for people; may be empty
 */
public record ApiKey(
        String keyId,
        String account,
        KeyHash hash,
        Set<Scope> scopes,
        Instant createdAt,
        @Nullable Instant notBefore,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        String note) {

    /** A key and what is stored of it. */
    public record Made(KeyText text, ApiKey stored) {}

    /** Stores of a key that was just made. */
    public static Made made(
            KeyText text,
            String account,
            Set<Scope> scopes,
            Instant now,
            @Nullable Instant notBefore,
            @Nullable Instant expiresAt,
            String note) {
        ApiKey stored = new ApiKey(text.id(), account, text.hash(), scopes, now, notBefore, expiresAt, null, note);
        return new Made(text, stored);
    }

    /** Whether it opens anything at that time. */
    public boolean isValidAt(Instant now) {
        return !isRevoked() && !isExpiredAt(now) && (notBefore == null || !now.isBefore(notBefore));
    }

    public boolean isRevoked() {
        return revokedAt != null;
    }

    public boolean isExpiredAt(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** The same, no longer valid. */
    public ApiKey revoked(Instant at) {
        return new ApiKey(
                keyId,
                account,
                hash,
                scopes,
                createdAt,
                notBefore,
                expiresAt,
                revokedAt == null ? at : revokedAt,
                note);
    }

    /** The same, valid until then at the latest. */
    public ApiKey expiring(Instant at) {
        Instant earlier = expiresAt != null && expiresAt.isBefore(at) ? expiresAt : at;
        return new ApiKey(keyId, account, hash, scopes, createdAt, notBefore, earlier, revokedAt, note);
    }
}
