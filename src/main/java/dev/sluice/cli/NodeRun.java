package dev.sluice.cli;

import dev.sluice.Server;
import dev.sluice.StoreUnreachableException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.store.UnsafeStoreException;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Starts and stops a node from a thread that may block, and says what went wrong in terms of exit codes. */
final class NodeRun {

    /** Beyond the node's own shutdown deadline something is stuck; the process ends all the same. */
    private static final long STOP_SLACK_MS = 2_000;

    private NodeRun() {}

    static Server start(SluiceConfig config) throws Exception {
        String version = Version.current();
        Metrics metrics = config.metrics().enabled() ? Metrics.on(version) : Metrics.off(version);
        return result(Server.start(config, metrics, version));
    }

    static List<Integer> migrate(SluiceConfig config) throws Exception {
        return result(Server.migrate(config));
    }

    private static <T> T result(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw translated(e.getCause() == null ? e : e.getCause());
        }
    }

    private static Exception translated(Throwable error) {
        if (error instanceof StoreUnreachableException) {
            return new CliException(
                    ExitCodes.DEPENDENCY_UNREACHABLE, error.getMessage() + "; check postgres.uri", error);
        }
        if (error instanceof UnsafeStoreException) {
            return new CliException(ExitCodes.BAD_CONFIGURATION, String.valueOf(error.getMessage()), error);
        }
        return error instanceof Exception exception ? exception : new IllegalStateException(error);
    }

    static void stop(Server server, SluiceConfig config) throws Exception {
        server.stop()
                .toCompletionStage()
                .toCompletableFuture()
                .get(config.shutdown().deadlineMs() + STOP_SLACK_MS, TimeUnit.MILLISECONDS);
    }
}
