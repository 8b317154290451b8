package dev.sluice.auth;

import dev.sluice.auth.Decision.Granted;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All keys at one moment, by their id. Immutable; any thread. */
public final class KeySnapshot {

    private record Known(ApiKey key, Granted granted) {}

    /** Compared with where no key has that id, so that both take the same time. */
    private static final KeyHash NO_HASH = KeyHash.ofBytes(new byte[KeyHash.BYTES]);

    private final Map<String, Known> byId;

    private KeySnapshot(Map<String, Known> byId) {
        this.byId = byId;
    }

    public static KeySnapshot of(Collection<ApiKey> keys) {
        Map<String, Known> byId = new HashMap<>();
        for (ApiKey key : keys) {
            Identity identity = new Identity(Identity.Method.KEY, key.account(), key.keyId(), key.scopes());
            byId.put(key.keyId(), new Known(key, new Granted(identity)));
        }
        return new KeySnapshot(byId);
    }

    /**
     * The holder of a key; null where it is unknown or not valid at that time.
     *
     * @param hash of the whole key as it was shown
     */
    @Nullable
    Granted holder(String keyId, KeyHash hash, Instant now) {
        Known known = byId.get(keyId);
        boolean same = (known == null ? NO_HASH : known.key.hash()).equals(hash);
        return known != null && same && known.key.isValidAt(now) ? known.granted : null;
    }

    /** The key of that id, or null. */
    public @Nullable ApiKey find(String keyId) {
        Known known = byId.get(keyId);
        return known == null ? null : known.key;
    }

    /** In no order. */
    public List<ApiKey> keys() {
        return byId.values().stream().map(Known::key).toList();
    }

    public int size() {
        return byId.size();
    }
}
