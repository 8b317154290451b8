package dev.sluice.extension;

import dev.sluice.bus.json.ExtensionBus;
import dev.sluice.config.ExtensionConfig;
import dev.sluice.log.Sampled;
import dev.sluice.metrics.Metrics;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One extension: its Vert.x, its code, its instances, and how it stands. Each instance runs on a worker thread of its own,
 * so it may block. Nothing of it fails the node. Any thread.
 */
final class ExtensionHost {

    private static final Logger LOG = LoggerFactory.getLogger(ExtensionHost.class);

    /** For a verticle's own stop, and for its threads to end. */
    private static final long STOP_MS = 1_000;

    private final String name;
    private final ExtensionConfig config;
    private final ExtensionBus bus;
    private final Metrics metrics;
    private final Runnable changed;
    private final Sampled threw;
    private volatile @Nullable String trouble = "starting";
    private volatile @Nullable ExtensionCode code;

    /** @param changed told when {@link #trouble} is another one */
    ExtensionHost(String name, ExtensionConfig config, ExtensionBus bus, Metrics metrics, Runnable changed) {
        this.name = name;
        this.config = config;
        this.bus = bus;
        this.metrics = metrics;
        this.changed = changed;
        this.threw = new Sampled(LOG, "extension " + name + " threw", System::nanoTime);
    }

    /** How it does not run, for a person; null while it does. */
    @Nullable
    String trouble() {
        String current = trouble;
        return current == null ? null : name + ": " + current;
    }

    /** Begins to deploy it; a start that fails is logged and shown, and leaves nothing running. */
    void start(Vertx node) {
        bus.join(node)
                .compose(joined -> bus.onItsLoop(this::deploy))
                .onSuccess(deployed -> running())
                .onFailure(this::failed);
    }

    private Future<String> deploy(Vertx own) {
        own.exceptionHandler(this::threw);
        return own.executeBlocking(() -> ExtensionCode.load(config)).compose(loaded -> {
            code = loaded;
            return own.deployVerticle(loaded::made, options(loaded));
        });
    }

    private DeploymentOptions options(ExtensionCode loaded) {
        return new DeploymentOptions()
                .setThreadingModel(ThreadingModel.WORKER)
                .setWorkerPoolName("sluice-extension-" + name)
                .setWorkerPoolSize(config.instances())
                .setInstances(config.instances())
                .setClassLoader(loaded.type().getClassLoader())
                .setConfig(new JsonObject(new LinkedHashMap<>(config.values())));
    }

    private void running() {
        LOG.info("extension {}: {} runs, {} instances", name, config.verticle(), config.instances());
        shown(null);
    }

    private void failed(Throwable error) {
        String cause = error instanceof ExtensionProblem ? String.valueOf(error.getMessage()) : error.toString();
        String mend = error instanceof ExtensionProblem problem ? problem.mend() : "mend its start";
        LOG.error(
                "extension {} ({}) does not run: {}. {}, and restart the node; orders are taken meanwhile",
                name,
                config.verticle(),
                cause,
                mend,
                error);
        metrics.extensionErrors().increment();
        shown("does not run: " + cause);
        end().onFailure(late -> LOG.debug("extension {} does not end", name, late));
    }

    /** In a handler, after which it goes on. */
    private synchronized void threw(Throwable error) {
        metrics.extensionErrors().increment();
        StackTraceElement[] trace = error.getStackTrace();
        threw.happened(error + (trace.length == 0 ? "" : " at " + trace[0]));
        LOG.debug("extension {} threw", name, error);
    }

    private void shown(@Nullable String reason) {
        trouble = reason;
        changed.run();
    }

    /** Nothing passes between it and the node any more. */
    void leave() {
        bus.leave();
    }

    /** Ends it; completes within {@value #STOP_MS} ms, whatever it does. */
    Future<Void> end() {
        return bus.close(STOP_MS).onComplete(ended -> {
            ExtensionCode loaded = code;
            if (loaded != null) {
                loaded.close();
            }
        });
    }
}
