package dev.sluice.keys;

import dev.sluice.auth.ApiKey;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where keys are kept: the table {@code api_keys} or a file. Called on the event loop that opened it. */
public interface KeyRegistry {

    /** More are not read: a node keeps all of them in memory. */
    int KEYS_MAX = 100_000;

    /** The keys that are valid, or will be; the newest first, at most {@value #KEYS_MAX}. */
    Future<List<ApiKey>> current();

    /** Expired and revoked ones too. */
    Future<List<ApiKey>> all();

    /** Adds one. Fails where its id is taken. */
    Future<Void> add(ApiKey key);

    /**
     * Ends a key, earlier than it would, never later.
     *
     * @param expiresAt from when it is expired; null changes nothing
     * @param revokedAt from when it is revoked; null changes nothing
     * @return the key as it is then; empty where there is none
     */
    Future<Optional<ApiKey>> end(String keyId, @Nullable Instant expiresAt, @Nullable Instant revokedAt);

    Future<Void> close();
}
