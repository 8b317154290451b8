package dev.sluice.writer;

import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.WriterEndpoint;
import dev.sluice.metrics.Metrics;
import dev.sluice.store.OrderStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One writer: its address on the bus, its store, its timer. All on one event loop. */
public final class WriterVerticle extends VerticleBase {

    /** Resolution of the waiting bound, and the longest pause between a store that comes back and the next batch. */
    private static final long TICK_MS = 10;

    private final String address;
    private final WriterDirectory directory;
    private final Function<Vertx, OrderStore> stores;
    private final WriterOptions options;
    private final Metrics metrics;

    private final Promise<Void> joined = Promise.promise();

    private final WriterGauges gauges;
    private volatile String eventLoop = "";
    private @Nullable OrderStore store;
    private @Nullable BatchWriter writer;
    private @Nullable WriterEndpoint endpoint;

    /** The store is opened on the verticle's event loop. */
    public WriterVerticle(
            String address,
            WriterDirectory directory,
            Function<Vertx, OrderStore> stores,
            WriterOptions options,
            Metrics metrics) {
        this.address = address;
        this.directory = directory;
        this.stores = stores;
        this.options = options;
        this.metrics = metrics;
        this.gauges = new WriterGauges(metrics);
    }

    @Override
    public Future<?> start() {
        eventLoop = Thread.currentThread().getName();
        OrderStore opened = new MeteredStore(stores.apply(vertx), metrics);
        BatchWriter batching = new BatchWriter(opened, options, metrics, System::nanoTime);
        store = opened;
        writer = batching;
        vertx.setPeriodic(TICK_MS, id -> {
            batching.tick();
            gauges.update(batching);
            joinWhenUp();
        });
        return WriterEndpoint.open(vertx, directory, address, batch -> write(batching, batch))
                .onSuccess(open -> endpoint = open)
                .onSuccess(open -> joinWhenUp());
    }

    /** Not before its store stands: beside writers that can store, one that cannot would only refuse orders. */
    private void joinWhenUp() {
        if (endpoint != null && store != null && store.isUp() && joined.tryComplete()) {
            endpoint.join();
        }
    }

    /** When it takes orders; fails where it is stopped before. Any thread. */
    public Future<Void> joined() {
        return joined.future();
    }

    /** Name of the thread that it lives on, once started. */
    public String eventLoop() {
        return eventLoop;
    }

    private static Future<OutcomeBatch> write(BatchWriter writer, OrderBatch batch) {
        long arrivedNanos = System.nanoTime();
        return writer.accept(batch.orders(), batch.lane())
                .map(outcomes -> OutcomeBatch.timed(
                        outcomes,
                        writer.retryAfterSeconds(),
                        arrivedNanos,
                        writer.settledSentNanos(),
                        System.nanoTime()));
    }

    /** Takes no new orders, settles those it has, then lets go of the store. */
    @Override
    public Future<?> stop() {
        if (endpoint == null || writer == null || store == null) {
            return Future.succeededFuture();
        }
        joined.tryFail("stopped before its store stood");
        BatchWriter batching = writer;
        OrderStore opened = store;
        return endpoint.close().compose(left -> idle(batching)).compose(settled -> opened.close());
    }

    private Future<Void> idle(BatchWriter batching) {
        Promise<Void> promise = Promise.promise();
        vertx.setPeriodic(TICK_MS, id -> {
            if (batching.isIdle() && vertx.cancelTimer(id)) {
                gauges.update(batching);
                promise.complete();
            }
        });
        return promise.future();
    }
}
