package dev.sluice.keys;

import dev.sluice.auth.ApiKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys in a file that people and {@code sluice key} write: mode 0600, JSON. A file that is missing tells a running node
 * nothing, and its keys stay in force; the first key makes it.
 */
public final class KeysFile implements KeyRegistry {

    private final Vertx vertx;
    private final Path file;

    public KeysFile(Vertx vertx, Path file) {
        this.vertx = vertx;
        this.file = file;
    }

    /**
     * The keys in it; blocks.
     *
     * @throws IllegalArgumentException names the file and what is wrong with it
     */
    public static List<ApiKey> read(Path file) {
        return PrivateFile.read(file)
                .map(text -> {
                    try {
                        return KeysJson.parse(text);
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
                    }
                })
                .orElse(List.of());
    }

    @Override
    public Future<List<ApiKey>> current() {
        Instant now = Instant.now();
        return vertx.executeBlocking(() -> Files.exists(file))
                .compose(exists -> exists
                        ? keys(key -> !key.isExpiredAt(now) && !key.isRevoked())
                        : Future.failedFuture(
                                new NoSuchFileException(file + ": no such file; sluice key create makes it")));
    }

    @Override
    public Future<List<ApiKey>> all() {
        return keys(key -> true);
    }

    private Future<List<ApiKey>> keys(Predicate<ApiKey> which) {
        return vertx.executeBlocking(() -> read(file).stream()
                .filter(which)
                .sorted(Comparator.comparing(ApiKey::createdAt).reversed())
                .limit(KEYS_MAX)
                .toList());
    }

    @Override
    public Future<Void> add(ApiKey key) {
        return vertx.executeBlocking(() -> {
            List<ApiKey> keys = new ArrayList<>(read(file));
            if (keys.stream().anyMatch(other -> other.keyId().equals(key.keyId()))) {
                throw new IllegalArgumentException(file + ": there is a key " + key.keyId() + " already");
            }
            keys.add(key);
            write(keys);
            return null;
        });
    }

    @Override
    public Future<Optional<ApiKey>> end(String keyId, @Nullable Instant expiresAt, @Nullable Instant revokedAt) {
        return vertx.executeBlocking(() -> {
            List<ApiKey> keys = new ArrayList<>(read(file));
            for (int i = 0; i < keys.size(); i++) {
                if (keys.get(i).keyId().equals(keyId)) {
                    ApiKey ended = ended(keys.get(i), expiresAt, revokedAt);
                    keys.set(i, ended);
                    write(keys);
                    return Optional.of(ended);
                }
            }
            return Optional.empty();
        });
    }

    private static ApiKey ended(ApiKey key, @Nullable Instant expiresAt, @Nullable Instant revokedAt) {
        ApiKey expiring = expiresAt == null ? key : key.expiring(expiresAt);
        return revokedAt == null ? expiring : expiring.revoked(revokedAt);
    }

    private void write(List<ApiKey> keys) {
        try {
            PrivateFile.write(file, KeysJson.text(keys));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
