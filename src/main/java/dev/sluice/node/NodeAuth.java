package dev.sluice.node;

import dev.sluice.auth.Authentication;
import dev.sluice.auth.Authentication.Methods;
import dev.sluice.auth.Identity;
import dev.sluice.auth.KeyHash;
import dev.sluice.auth.KeySnapshot;
import dev.sluice.config.AuthConfig;
import dev.sluice.config.ConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.value.Secret;
import dev.sluice.keys.JwksWatch;
import dev.sluice.keys.JwtTokens;
import dev.sluice.keys.KeyRegistry;
import dev.sluice.keys.KeyWatch;
import dev.sluice.keys.KeysFile;
import dev.sluice.store.StoreListener;
import dev.sluice.store.postgres.PgApiKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Who reaches a node: what its two listeners ask of clients, and where the keys for that come from. Any thread. */
final class NodeAuth {

    /** A call for keys gives up before the next one is due. */
    private static final int CALL_SHARE = 2;

    private static final long CALL_MS_MAX = 2_000;

    private final SluiceConfig config;
    private final AuthConfig auth;
    private final @Nullable JwtTokens tokens;
    private final AtomicReference<@Nullable KeyWatch> keys = new AtomicReference<>();

    NodeAuth(SluiceConfig config) {
        this.config = config;
        this.auth = config.auth();
        this.tokens =
                auth.takesTokens() ? new JwtTokens(auth.jwt(), System::nanoTime, System::currentTimeMillis) : null;
    }

    /** What the order API asks for. */
    Authentication ofClients() {
        if (!auth.isOn()) {
            return Authentication.trusting(Identity.EVERY_CLIENT);
        }
        String anonymous = auth.anonymousAccount();
        return anonymous == null
                ? Authentication.by(methods())
                : Authentication.by(methods(), Identity.anonymous(anonymous));
    }

    /** What the admin listener asks for. */
    Authentication ofOperators() {
        boolean asks = auth.isOn() || config.admin().token() != null;
        return asks ? Authentication.by(methods()) : Authentication.trusting(Identity.EVERY_OPERATOR);
    }

    private Methods methods() {
        Secret token = config.admin().token();
        return new Methods(
                auth.takesKeys() ? this::keys : null,
                tokens,
                token == null ? null : KeyHash.of(token.value()),
                Instant::now);
    }

    private @Nullable KeySnapshot keys() {
        KeyWatch watch = keys.get();
        return watch == null ? null : watch.get();
    }

    /** Begins to read keys; does not wait for them. Fails where {@code auth.keysFile} is no file of keys. */
    Future<Void> start(Vertx vertx, StoreListener postgres) {
        return startKeys(vertx, postgres).compose(done -> startTokens(vertx));
    }

    private Future<Void> startKeys(Vertx vertx, StoreListener postgres) {
        if (!auth.takesKeys()) {
            return Future.succeededFuture();
        }
        Path file = auth.keysFile();
        KeyWatch watch = file == null
                ? new KeyWatch(loop -> table(loop, config, postgres), auth.refreshMs(), config.keySnapshotFile())
                : new KeyWatch(loop -> new KeysFile(loop, file), auth.refreshMs(), null);
        keys.set(watch);
        Future<Void> sound = file == null
                ? Future.succeededFuture()
                : vertx.executeBlocking(() -> KeysFile.read(file))
                        .recover(error ->
                                Future.failedFuture(new ConfigException("auth.keysFile: " + error.getMessage())))
                        .mapEmpty();
        return sound.compose(read -> vertx.deployVerticle(watch)).mapEmpty();
    }

    private static KeyRegistry table(Vertx loop, SluiceConfig config, StoreListener postgres) {
        long callMs = Math.min(CALL_MS_MAX, Math.max(1, config.auth().refreshMs() / CALL_SHARE));
        return PgApiKeys.open(loop, config, postgres, callMs);
    }

    private Future<Void> startTokens(Vertx vertx) {
        JwtTokens judged = tokens;
        if (judged == null) {
            return Future.succeededFuture();
        }
        String uri = Objects.requireNonNull(auth.jwt().jwksUri(), "demanded by the rules");
        return vertx.deployVerticle(new JwksWatch(uri, auth.jwt().staleMs(), judged))
                .mapEmpty();
    }

    /** When keys are in force, or could not be had in time. */
    Future<Void> keysKnown() {
        KeyWatch watch = keys.get();
        return watch == null ? Future.succeededFuture() : watch.first();
    }
}
