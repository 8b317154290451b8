package dev.sluice.cli;

import dev.sluice.config.LoadedConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.keys.KeyRegistry;
import dev.sluice.metrics.Metrics;
import dev.sluice.node.KeyTool;
import dev.sluice.node.ListenPorts;
import dev.sluice.node.SchemaMigration;
import dev.sluice.node.Server;
import dev.sluice.node.StoreUnreachableException;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.UnfitStoreException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Starts and stops a node from a thread that may block, and says what went wrong in terms of exit codes. */
final class NodeRun {

    /** Beyond the node's own shutdown deadline something is stuck; the process ends all the same. */
    private static final long STOP_SLACK_MS = 1_000;

    private NodeRun() {}

    /** Starts a node that the lifetime holds from before its start, so that a signal ends a start that waits. */
    static Server start(LoadedConfig loaded, Lifetime lifetime) throws Exception {
        ListenPorts.requireFree(loaded.config());
        String version = Version.current();
        boolean measured = loaded.config().metrics().enabled();
        Metrics metrics = measured ? Metrics.on(version) : Metrics.off(version);
        Server server = lifetime.hold(Server.of(loaded, metrics, version), NodeRun::stop);
        result(server.start());
        return server;
    }

    /** Blocks until a signal ends the process; throws where the node itself says that it must end. */
    static void untilEnd(Server server) throws InterruptedException, ExecutionException {
        String reason = server.lost().toCompletionStage().toCompletableFuture().get();
        throw new CliException(ExitCodes.FAILED, reason);
    }

    /** From a signal to the end of the process: the node's own deadline, and then whatever it had beside it. */
    static Duration stopLimit(SluiceConfig config) {
        return Duration.ofMillis(config.shutdown().deadlineMs() + STOP_SLACK_MS);
    }

    static List<Integer> migrate(SluiceConfig config) throws Exception {
        return result(SchemaMigration.migrate(config));
    }

    /** Works on the keys of a configuration. */
    static <T> T keys(SluiceConfig config, Function<KeyRegistry, Future<T>> work) throws Exception {
        return result(KeyTool.use(config, work));
    }

    static <T> T result(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw translated(e.getCause() == null ? e : e.getCause());
        }
    }

    private static Exception translated(Throwable error) {
        if (error instanceof StoreUnreachableException) {
            return new CliException(ExitCodes.DEPENDENCY_UNREACHABLE, String.valueOf(error.getMessage()), error);
        }
        if (error instanceof CancellationException) {
            return new CliException(ExitCodes.FAILED, String.valueOf(error.getMessage()), error);
        }
        if (error instanceof UnfitStoreException unfit) {
            return new CliException(ExitCodes.BAD_CONFIGURATION, unfit.what() + "\n  " + unfit.mend(), error);
        }
        if (error instanceof StoreFailure failure) {
            return new CliException(ExitCodes.FAILED, "PostgreSQL (postgres.uri): " + failure.reason(), failure);
        }
        return error instanceof Exception exception ? exception : new IllegalStateException(error);
    }

    private static void stop(Server server, Duration left) throws Exception {
        server.stop().toCompletionStage().toCompletableFuture().get(left.toMillis(), TimeUnit.MILLISECONDS);
    }
}
