package dev.sluice.node;

import dev.sluice.config.ConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.keys.KeyRegistry;
import dev.sluice.keys.KeysFile;
import dev.sluice.store.ClientVertx;
import dev.sluice.store.StoreListener;
import dev.sluice.store.UnfitStoreException;
import dev.sluice.store.postgres.PgApiKeys;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of a configuration without a node: the file, or the table, which is made where it is missing. */
public final class KeyTool {

    private static final Logger LOG = LoggerFactory.getLogger(KeyTool.class);
    private static final long CALL_MS = 10_000;

    private KeyTool() {}

    /** Opens the registry, works on it and closes it. Waits for PostgreSQL as {@link SchemaMigration#migrate} does, and fails as it. */
    public static <T> Future<T> use(SluiceConfig config, Function<KeyRegistry, Future<T>> work) {
        Path file = config.auth().keysFile();
        if (file == null) {
            config.postgres().requiredUri();
        }
        Vertx vertx = ClientVertx.make();
        Promise<T> worked = Promise.promise(); // bound to no event loop: what follows outlives them
        Future<KeyRegistry> opened = file == null
                ? SchemaMigration.migrate(config).compose(migrated -> table(vertx, config))
                : Future.succeededFuture(new KeysFile(vertx, file));
        opened.compose(registry -> work.apply(registry).eventually(registry::close))
                .recover(error -> Future.failedFuture(
                        error instanceof IllegalArgumentException
                                ? new ConfigException("auth.keysFile: " + error.getMessage())
                                : error))
                .onComplete(worked);
        return worked.future()
                .onComplete(done -> vertx.close().onFailure(error -> LOG.debug("not closed cleanly", error)));
    }

    private static Future<KeyRegistry> table(Vertx vertx, SluiceConfig config) {
        Promise<KeyRegistry> up = Promise.promise();
        vertx.runOnContext(ignored -> {
            FirstConnection first = new FirstConnection();
            KeyRegistry table = PgApiKeys.open(vertx, config, first, CALL_MS);
            first.answer.future().map(done -> table).onComplete(up);
        });
        return up.future();
    }

    /** Whether the first connection stands. */
    private static final class FirstConnection implements StoreListener {

        private final Promise<Void> answer = Promise.promise();

        @Override
        public void up() {
            answer.tryComplete();
        }

        @Override
        public void down(String reason) {
            LOG.debug("{}", reason);
        }

        @Override
        public void closed() {
            LOG.debug("closed");
        }

        @Override
        public void refused(Throwable error) {
            answer.tryFail(
                    error instanceof UnfitStoreException
                            ? error
                            : new StoreUnreachableException("PostgreSQL (postgres.uri): " + error.getMessage()));
        }
    }
}
