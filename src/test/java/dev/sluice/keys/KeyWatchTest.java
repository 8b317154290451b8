package dev.sluice.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.auth.Accounts;
import dev.sluice.auth.ApiKey;
import dev.sluice.auth.KeySnapshot;
import dev.sluice.auth.KeyText;
import dev.sluice.auth.Scope;
import dev.sluice.rig.Await;
import dev.sluice.rig.LogLines;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys in force, read from a registry that does as the test says. */
@Timeout(60)
class KeyWatchTest {

    private static final int REFRESH_MS = 50;
    private static final long FIRST_MS = 50;
    private static final String OWNER_ONLY = "rw-------";

    private final Vertx vertx = Vertx.vertx();
    private final ApiKey key = key("shop");

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private static ApiKey key(String account) {
        KeyText text = KeyText.fresh(new SecureRandom());
        return ApiKey.made(text, account, Scope.OF_CLIENTS, Instant.EPOCH, null, null, "")
                .stored();
    }

    /** Answers each reading as it is told by then. */
    private static final class Scripted implements KeyRegistry {

        private volatile Supplier<Future<List<ApiKey>>> script;

        Scripted(Supplier<Future<List<ApiKey>>> script) {
            this.script = script;
        }

        void has(ApiKey... keys) {
            script = () -> Future.succeededFuture(List.of(keys));
        }

        @Override
        public Future<List<ApiKey>> current() {
            return script.get();
        }

        @Override
        public Future<List<ApiKey>> all() {
            return script.get();
        }

        @Override
        public Future<Void> add(ApiKey key) {
            return Future.failedFuture("not asked for");
        }

        @Override
        public Future<Optional<ApiKey>> end(String keyId, @Nullable Instant expiresAt, @Nullable Instant revokedAt) {
            return Future.failedFuture("not asked for");
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    private static Scripted away() {
        return new Scripted(() -> Future.failedFuture("away"));
    }

    private static Scripted having(ApiKey... keys) {
        return new Scripted(() -> Future.succeededFuture(List.of(keys)));
    }

    private Path kept() {
        return folder.resolve("api-keys.json");
    }

    private KeyWatch watch(KeyRegistry registry) {
        KeyWatch watch = new KeyWatch(loop -> registry, REFRESH_MS, kept(), FIRST_MS);
        Await.result(vertx.deployVerticle(watch));
        Await.result(watch.first());
        return watch;
    }

    private static boolean knows(KeyWatch watch, ApiKey key) {
        KeySnapshot keys = watch.get();
        return keys != null && keys.find(key.keyId()) != null;
    }

    @Test
    void keysAreReadAgainAndAgain() {
        Scripted registry = having();
        KeyWatch watch = watch(registry);
        assertEquals(0, watch.get().size());
        registry.has(key);
        Await.until("a new key works", () -> knows(watch, key));
        registry.has();
        Await.until("a revoked key works no more", () -> !knows(watch, key));
    }

    /** So that a revoked key works no longer than a refresh: timers of one event loop run in the order of their time. */
    @Test
    void keysAreReadTwiceInEachRefresh() {
        AtomicInteger readings = new AtomicInteger();
        Scripted registry = new Scripted(() -> {
            readings.incrementAndGet();
            return Future.succeededFuture(List.of(key));
        });
        Vertx oneLoop = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            Await.result(oneLoop.deployVerticle(new KeyWatch(loop -> registry, REFRESH_MS, null)));
            Promise<Integer> inFiveRefreshes = Promise.promise();
            oneLoop.runOnContext(now -> {
                int before = readings.get();
                oneLoop.setTimer(5 * REFRESH_MS, id -> inFiveRefreshes.complete(readings.get() - before));
            });
            int read = Await.result(inFiveRefreshes.future());
            assertTrue(read >= 9, "read " + read + " times in five refreshes");
        } finally {
            Await.result(oneLoop.close());
        }
    }

    @Test
    void aRegistryThatDoesNotAnswerChangesNothing() {
        Scripted registry = having(key);
        KeyWatch watch = watch(registry);
        registry.script = () -> Future.failedFuture("away");
        try (LogLines log = LogLines.of(KeyWatch.class)) {
            Await.state("it was asked", () -> !log.lines().isEmpty());
        }
        registry.script = () -> Promise.<List<ApiKey>>promise().future(); // frozen: not even a refusal
        Await.pause("several refreshes pass", 5 * REFRESH_MS);
        assertTrue(knows(watch, key));
    }

    /** A restart in an outage knows who was known. */
    @Test
    void theNextStartKnowsThemWithoutTheRegistry() throws IOException {
        watch(having(key));
        Await.until("they are kept", () -> Files.exists(kept()));
        assertEquals(OWNER_ONLY, PosixFilePermissions.toString(Files.getPosixFilePermissions(kept())));

        Scripted registry = away();
        KeyWatch next = watch(registry);
        assertTrue(knows(next, key));
        registry.has();
        Await.until("the registry is believed once it answers", () -> !knows(next, key));
    }

    @Test
    void aRegistryThatAnswersIsBelievedAtOnce() {
        watch(having(key));
        Await.until("they are kept", () -> Files.exists(kept()));
        KeyWatch next = watch(having());
        assertTrue(!knows(next, key), "revoked while the node was down");
    }

    @Test
    void withoutEitherNothingIsKnown() {
        assertNull(watch(away()).get());
    }

    /** Others could have put in a key of theirs. */
    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw-----w-"})
    void aSnapshotThatOthersCanUseIsNotUsed(String mode) throws IOException {
        watch(having(key));
        Await.until("they are kept", () -> Files.exists(kept()));
        Files.setPosixFilePermissions(kept(), PosixFilePermissions.fromString(mode));
        assertNull(watch(away()).get());
    }

    @Test
    void changesAreInTheAuditLog() {
        Scripted registry = having();
        KeyWatch watch = watch(registry);
        try (LogLines log = LogLines.of("dev.sluice.audit")) {
            registry.has(key);
            Await.until("it is known", () -> knows(watch, key));
            registry.has();
            Await.until("it is not", () -> !knows(watch, key));
            Await.until("both are said", () -> log.lines().size() == 2);
            String added = log.lines().get(0);
            assertTrue(added.contains("added") && added.contains(key.keyId()) && added.contains("shop"), added);
            assertTrue(log.lines().get(1).contains("ended"), log.lines().get(1));
        }
    }

    @Test
    void aFileOfKeysIsReadAgain() {
        Path file = folder.resolve("keys.json");
        KeysFile keys = new KeysFile(vertx, file);
        Await.result(keys.add(key));
        KeyWatch watch = new KeyWatch(loop -> new KeysFile(loop, file), REFRESH_MS, null);
        Await.result(vertx.deployVerticle(watch));
        Await.result(watch.first());
        assertTrue(knows(watch, key));

        ApiKey second = key(Accounts.DEFAULT);
        Await.result(keys.add(second));
        Await.until("a new key works", () -> knows(watch, second));
        assertTrue(Await.result(keys.end(key.keyId(), null, Instant.now())).isPresent());
        Await.until("a revoked one does not", () -> !knows(watch, key));
        assertEquals(2, Await.result(keys.all()).size(), "it stays in the file");
    }

    /** A half of it, something else, or nothing: an editor that saves must not lock out every client. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{\"keys\":[{", "[]", "{\"keys\":[{\"keyId\":\"x\"}]}", "{\"keys\":[1]}"})
    void aFileThatIsNoFileOfKeysChangesNothing(String text) throws IOException {
        Path file = folder.resolve("keys.json");
        Await.result(new KeysFile(vertx, file).add(key));
        KeyWatch watch = new KeyWatch(loop -> new KeysFile(loop, file), REFRESH_MS, null);
        Await.result(vertx.deployVerticle(watch));
        Await.result(watch.first());
        try (LogLines log = LogLines.of(KeyWatch.class)) {
            Files.writeString(file, text);
            Await.until("it is said", () -> log.lines().stream().anyMatch(line -> line.contains("WARN")));
        }
        assertTrue(knows(watch, key));
        Files.delete(file);
        Await.pause("several refreshes pass", 3 * REFRESH_MS);
        assertTrue(knows(watch, key), "nor does one that is gone");
    }

    @Test
    void whatIsInAFileIsAllButTheSecret() throws IOException {
        Path file = folder.resolve("keys.json");
        KeysFile keys = new KeysFile(vertx, file);
        KeyText text = KeyText.fresh(new SecureRandom());
        Instant later = Instant.parse("2031-01-01T00:00:00Z");
        ApiKey made = ApiKey.made(text, "a.b-c_1", Scope.OF_OPERATORS, Instant.EPOCH, later, later, "note \"q\"")
                .stored();
        Await.result(keys.add(made));
        assertEquals(OWNER_ONLY, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(!Files.readString(file).contains(text.text().substring(17, 40)));
        ApiKey read = KeysFile.read(file).get(0);
        assertEquals(KeysJson.shown(made), KeysJson.shown(read));
        assertNotNull(KeySnapshot.of(List.of(read)).find(text.id()));
        assertThrows(IllegalArgumentException.class, () -> Await.result(keys.add(made)), "its id is taken");
        assertEquals(Optional.empty(), Await.result(keys.end("000000000000", later, null)));
    }
}
