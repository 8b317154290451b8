package dev.sluice.bus.json;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.config.ExtensionConfig;
import dev.sluice.metrics.Metrics;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.spi.metrics.EventBusMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A Vert.x for one extension alone, with threads and an event bus of its own, and the relay between that bus and the
 * node's. Three things pass: commits to the extension, orders from it, and what it publishes at the addresses that its
 * configuration names. Each is bounded, so that an extension that is blocked, or sends without end, fills nothing of the
 * node. Any thread.
 *
 * <pre>
 *            node's Vert.x                    │            Vert.x of the extension
 *  orders.committed ─▶ RelayToNode ─ CommitQueue ─▶ RelayToExtension ─▶ Followers (its consumers)
 *  orders.submit    ◀─ (worker thread) ◀─────────── (event loop) ◀──── its requests
 *  its addresses    ◀─                        │
 * </pre>
 */
public final class ExtensionBus {

    private final String name;
    private final Followers followers;
    private final RelayToNode toNode;
    private final RelayToExtension toExtension;
    private final Vertx own;

    /**
     * Makes the Vert.x; nothing is joined yet.
     *
     * @param name of the extension, for its threads and log lines
     * @param memory where the commits that wait for it are reserved
     */
    public ExtensionBus(String name, ExtensionConfig config, MemoryBudget memory, Metrics metrics) {
        this.name = name;
        CommitQueue commits = new CommitQueue(memory);
        this.followers = new Followers(this::followed, this::taken);
        this.toNode = new RelayToNode(this::committed);
        this.toExtension = new RelayToExtension(
                name, Set.copyOf(config.published()), toNode, commits, followers, metrics.extensionDropped());
        this.own = make(followers);
    }

    private static Vertx make(Followers followers) {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setMetricsOptions(new MetricsOptions().setEnabled(true))
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        VertxMetrics metrics = new VertxMetrics() {
            @Override
            public EventBusMetrics<?> createEventBusMetrics() {
                return followers;
            }
        };
        return Vertx.builder().with(options).withMetrics(ignored -> metrics).build();
    }

    private void followed() {
        toNode.follow(followers.any());
        toExtension.pump();
    }

    private void taken() {
        toExtension.pump();
    }

    private void committed(CommittedOrders.Published batch) {
        toExtension.committed(batch);
    }

    /** Joins the two; messages pass when it completes. */
    public Future<Void> join(Vertx node) {
        DeploymentOptions worker = new DeploymentOptions()
                .setThreadingModel(ThreadingModel.WORKER)
                .setWorkerPoolName("sluice-relay-" + name)
                .setWorkerPoolSize(1);
        Promise<Void> joined = Promise.promise(); // bound to no event loop of either
        own.deployVerticle(toExtension)
                .compose(there -> node.deployVerticle(toNode, worker))
                .<Void>mapEmpty()
                .onComplete(joined);
        return joined.future();
    }

    /** Runs a step on the extension's own event loop; only once it has joined. */
    public <T> Future<T> onItsLoop(Function<Vertx, Future<T>> step) {
        Promise<T> done = Promise.promise();
        toExtension.run(() -> step.apply(own).onComplete(done));
        return done.future();
    }

    /** Nothing passes any more. */
    public void leave() {
        toNode.leave();
    }

    /** Ends all that runs on its Vert.x. What does not end within the limit is left to the end of the process. */
    public Future<Void> close(long limitMs) {
        leave();
        return own.close().timeout(limitMs, TimeUnit.MILLISECONDS);
    }
}
