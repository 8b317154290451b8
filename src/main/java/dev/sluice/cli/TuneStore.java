package dev.sluice.cli;

import dev.sluice.config.LoadedConfig;
import dev.sluice.config.PostgresConfig;
import dev.sluice.embedded.BundledServerException;
import dev.sluice.embedded.ScratchPostgres;
import dev.sluice.node.ScratchDatabase;
import dev.sluice.tune.ScratchRows;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a tuning writes: a database of its own on the configured PostgreSQL, or a bundled PostgreSQL of its own. Both are
 * gone afterwards. Blocks; one thread.
 */
final class TuneStore implements ScratchRows, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TuneStore.class);
    private static final long LIMIT_SECONDS = 30;
    private static final String NO_RIGHT = "42501";

    private final @Nullable ScratchPostgres server;
    private final ScratchDatabase database;

    private TuneStore(@Nullable ScratchPostgres server, ScratchDatabase database) {
        this.server = server;
        this.database = database;
    }

    /** A database beside the configured one. */
    static TuneStore onConfigured(PostgresConfig postgres) throws Exception {
        TuneStore store = new TuneStore(null, ScratchDatabase.beside(postgres));
        try {
            await(store.database.create());
            return store;
        } catch (PgException e) {
            store.close();
            throw notCreated(postgres, e);
        } catch (Exception e) {
            store.close();
            throw new CliException(
                    ExitCodes.DEPENDENCY_UNREACHABLE,
                    "PostgreSQL (postgres.uri) cannot be reached: " + e.getMessage()
                            + "; mend postgres.uri, or give --bundled to tune on a PostgreSQL of its own",
                    e);
        }
    }

    private static CliException notCreated(PostgresConfig postgres, PgException e) {
        String mend = NO_RIGHT.equals(e.getSqlState())
                ? "`alter role " + postgres.requiredUri().user() + " createdb`, or give --bundled"
                : "give --bundled";
        return new CliException(
                ExitCodes.FAILED,
                "no database of its own could be made on the server of postgres.uri: " + e.getMessage() + "; " + mend
                        + " to tune on a PostgreSQL of its own",
                e);
    }

    /** A PostgreSQL like that of {@code dev}, in a folder that is deleted afterwards. */
    static TuneStore bundled(LoadedConfig loaded, Path folder) {
        try {
            ScratchPostgres server = ScratchPostgres.start(folder);
            return new TuneStore(server, ScratchDatabase.of(loaded.config().postgres(), server.uri()));
        } catch (BundledServerException e) {
            throw new CliException(ExitCodes.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    /** Password included. */
    String uri() {
        return database.uri();
    }

    /** For people. */
    String described() {
        return server == null
                ? "database " + database.name() + " on the configured PostgreSQL, dropped afterwards"
                : "a bundled PostgreSQL of its own, deleted afterwards";
    }

    @Override
    public void empty() throws Exception {
        await(database.empty());
    }

    @Override
    public long count() throws Exception {
        return await(database.count());
    }

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new CliException(
                    ExitCodes.DEPENDENCY_UNREACHABLE, "PostgreSQL did not answer within " + LIMIT_SECONDS + " s", e);
        }
    }

    @Override
    public void close() {
        try {
            await(database.drop());
        } catch (Exception e) {
            LOG.warn("the database {} is left behind, drop it by hand: {}", database.name(), e.getMessage());
        }
        if (server != null) {
            server.close();
        }
    }
}
