package dev.sluice.node.warmup;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.config.SluiceConfig;
import dev.sluice.http.IntakeSharedState;
import dev.sluice.http.IntakeVerticle;
import dev.sluice.listener.ConnectionBound;
import dev.sluice.listener.PausableTransport;
import dev.sluice.metrics.Metrics;
import dev.sluice.quota.Quotas;
import dev.sluice.store.OverflowQueue;
import dev.sluice.writer.BatchWriter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One warm-up. Its orders pass from a socket through a real intake, dispatcher and writer into a store that keeps nothing.
 * Vert.x, loopback port, configuration, meters and budget are its own: no store, meter or log line of the node knows of
 * them, and afterwards all of it is gone.
 */
public final class WarmUp {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /** A JVM that is warm already serves them in a tenth of a second. */
    static final int ORDERS_MAX = 2_000;

    /** Part of its time, in percent, that orders are sent in; the rest is for its begin and its end. */
    private static final int SENDING_SHARE = 90;

    /** For what was sent last; the node does not wait so long. */
    private static final int TIMEOUT_MS = 2_000;

    private static final String NAME = "warm-up";
    private static final long BYTES_MAX = 8L << 20;
    private static final int CONNECTIONS_MAX = 16;

    private final SluiceConfig config = SluiceConfig.of("http.port=0");
    private final Metrics metrics = Metrics.on(NAME);
    private final WarmUpOrders sample = new WarmUpOrders();
    private final PausableTransport transport;
    private final Vertx vertx;

    private WarmUp(PausableTransport transport) {
        this.transport = transport;
        VertxOptions small = new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1);
        this.vertx =
                Vertx.builder().with(small).withTransport(transport.transport()).build();
    }

    /**
     * Runs it for {@code node.warmUpMs} at most, where the node serves clients.
     *
     * @param transport of the node, for a listener
     * @return orders that were served; never fails, for a node can do without. Completes on no event loop
     */
    public static Future<Integer> run(SluiceConfig node, PausableTransport transport) {
        int msMax = node.node().warmUpMs();
        boolean isWanted = msMax > 0 && node.http().instances().count() > 0;
        return isWanted ? run(transport, ORDERS_MAX, msMax) : Future.succeededFuture(0);
    }

    static Future<Integer> run(PausableTransport transport, int orders, int msMax) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(msMax) * SENDING_SHARE / 100;
        CompletionStage<Integer> served = CompletableFuture.supplyAsync(() -> new WarmUp(transport))
                .thenCompose(warmUp -> warmUp.serve(orders, endNanos).toCompletionStage())
                .thenApplyAsync(count -> count); // its event loop ends
        return Future.fromCompletionStage(served)
                .timeout(msMax, TimeUnit.MILLISECONDS)
                .onSuccess(count -> LOG.debug("{} orders of a warm-up", count))
                .onFailure(error -> LOG.debug("the warm-up did not end by itself", error))
                .otherwise(0);
    }

    private Future<Integer> serve(int orders, long endNanos) {
        IntakeVerticle intake =
                new IntakeVerticle(NAME, config, shared(), this::dispatcher, metrics, Clock.systemUTC());
        return vertx.deployVerticle(intake)
                .compose(listening -> vertx.executeBlocking(() -> send(intake.port(), orders, endNanos)))
                .onComplete(done -> vertx.close().onComplete(closed -> metrics.close()));
    }

    private int send(int port, int orders, long endNanos) throws IOException {
        int stored = 0;
        for (int sent = 0; sent < orders && endNanos - System.nanoTime() > 0; sent += WarmUpOrders.PIPELINED) {
            stored += sample.send(port, sent, TIMEOUT_MS);
        }
        return stored;
    }

    private IntakeSharedState shared() {
        return new IntakeSharedState(
                transport,
                new MemoryBudget(BYTES_MAX),
                new ConnectionBound(CONNECTIONS_MAX, 0),
                BYTES_MAX,
                new Quotas(config.quota(), metrics, System::nanoTime),
                null);
    }

    private OrderDispatcher dispatcher(Context context) {
        BatchWriter writer = new BatchWriter(sample, new OverflowQueue.None(), config, metrics, System::nanoTime);
        WriterDirectory writers = new WriterDirectory();
        writers.add(NAME, context, writer::accept);
        return new OrderDispatcher(context, writers, NAME, loop -> new OverflowQueue.None(), config, metrics);
    }
}
