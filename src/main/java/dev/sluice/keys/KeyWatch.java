package dev.sluice.keys;

import dev.sluice.auth.ApiKey;
import dev.sluice.auth.KeySnapshot;
import dev.sluice.log.Audit;
import dev.sluice.log.Incident;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the present keys of a node in memory: reads them twice in {@code auth.refreshMs}, so that a revoked key works no
 * longer than that. While they cannot be read, the last ones stay in force. They are kept in a file too, which a start
 * falls back to when nothing could be read within {@value #FIRST_MS} ms. {@link #get()} is for any thread.
 */
public final class KeyWatch extends VerticleBase implements Supplier<@Nullable KeySnapshot> {

    /** How long a start waits for the registry before it takes the keys of the last run. */
    static final long FIRST_MS = 1_000;

    private static final long RETRY_MS = 50;
    private static final int CHANGES_SAID_MAX = 20;
    private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);

    private final Function<Vertx, KeyRegistry> registries;
    private final long refreshMs;
    private final @Nullable Path kept;
    private final long firstMs;
    private final Incident unread = new Incident(LOG, "keys of clients", System::nanoTime);
    private final Incident unwritten = new Incident(LOG, "snapshot of keys", System::nanoTime);
    private final Promise<Void> first = Promise.promise();

    private volatile @Nullable KeySnapshot keys;
    private @Nullable KeyRegistry registry;
    private boolean reading;
    private boolean fresh;
    private volatile String written = "";

    /**
     * Reads from a registry, which is opened on the verticle's event loop.
     *
     * @param kept the file that the keys are kept in for the next start; null keeps none
     */
    public KeyWatch(Function<Vertx, KeyRegistry> registries, int refreshMs, @Nullable Path kept) {
        this(registries, refreshMs, kept, FIRST_MS);
    }

    /** As above, with another {@value #FIRST_MS} ms. */
    KeyWatch(Function<Vertx, KeyRegistry> registries, int refreshMs, @Nullable Path kept, long firstMs) {
        this.registries = registries;
        this.refreshMs = refreshMs;
        this.kept = kept;
        this.firstMs = firstMs;
    }

    /** The keys in force; null while none were ever read. */
    @Override
    public @Nullable KeySnapshot get() {
        return keys;
    }

    /** Completes when keys are in force, or could not be had in time. */
    public Future<Void> first() {
        return first.future();
    }

    @Override
    public Future<?> start() {
        KeyRegistry opened = registries.apply(vertx);
        registry = opened;
        read(opened);
        vertx.setPeriodic(RETRY_MS, id -> {
            if (fresh || first.future().isComplete()) {
                vertx.cancelTimer(id);
            } else {
                read(opened);
            }
        });
        vertx.setPeriodic(Math.max(1, refreshMs / 2), id -> read(opened));
        vertx.setTimer(firstMs, id -> fallBack());
        return Future.succeededFuture();
    }

    private void read(KeyRegistry from) {
        if (reading) {
            return;
        }
        reading = true;
        from.current().onComplete(done -> {
            reading = false;
            if (done.succeeded()) {
                unread.over();
                loaded(done.result());
            } else {
                unread.failed(done.cause().getMessage() + "; " + standing());
            }
        });
    }

    private String standing() {
        KeySnapshot present = keys;
        return present == null
                ? "no key is known, and clients with keys hear 503"
                : "the " + present.size() + " keys that were read before stay in force";
    }

    private void loaded(List<ApiKey> read) {
        KeySnapshot before = keys;
        KeySnapshot now = KeySnapshot.of(read);
        keys = now;
        if (fresh && before != null) {
            say(before, now);
        } else {
            LOG.info("{} keys of clients are in force", now.size());
        }
        if (read.size() == KeyRegistry.KEYS_MAX) {
            LOG.error("there are more keys than a node takes: only the {} newest are in force", read.size());
        }
        fresh = true;
        first.tryComplete();
        keep(read);
    }

    /** What changed, for the audit log; the registry does not tell who changed it. */
    private static void say(KeySnapshot before, KeySnapshot now) {
        Stream<String> added = now.keys().stream()
                .filter(key -> before.find(key.keyId()) == null)
                .map(key -> "added " + described(key));
        Stream<String> gone = before.keys().stream()
                .filter(key -> now.find(key.keyId()) == null)
                .map(key -> "ended " + described(key));
        Stream.concat(added, gone)
                .limit(CHANGES_SAID_MAX)
                .map(change -> change.split(" ", 2))
                .forEach(change -> Audit.did("registry of keys", change[0], change[1], "seen"));
    }

    private static String described(ApiKey key) {
        return "key " + key.keyId() + " of " + key.account();
    }

    private void keep(List<ApiKey> read) {
        Path file = kept;
        if (file == null) {
            return;
        }
        vertx.executeBlocking(() -> write(file, KeysJson.text(read)))
                .onSuccess(done -> unwritten.over())
                .onFailure(error -> unwritten.failed(file + " cannot be written: " + error.getMessage()
                        + "; a start while PostgreSQL is away would know no key (auth.snapshotFile names another)"));
    }

    /** Off the event loop, one at a time; whether there was anything new. */
    private boolean write(Path file, String text) throws IOException {
        boolean news = !text.equals(written);
        if (news) {
            PrivateFile.write(file, text);
            written = text;
        }
        return news;
    }

    private void fallBack() {
        Path file = kept;
        if (fresh || file == null) {
            first.tryComplete();
            return;
        }
        vertx.executeBlocking(() -> KeysFile.read(file)).onComplete(done -> {
            if (done.failed()) {
                LOG.warn("keys of the last run: {}", done.cause().getMessage());
            } else if (!fresh && !done.result().isEmpty()) {
                KeySnapshot lastRun = KeySnapshot.of(done.result());
                keys = lastRun;
                LOG.warn("the registry of keys does not answer: {} keys of the last run are in force", lastRun.size());
            }
            first.tryComplete();
        });
    }

    @Override
    public Future<?> stop() {
        KeyRegistry opened = registry;
        return opened == null ? Future.succeededFuture() : opened.close();
    }
}
