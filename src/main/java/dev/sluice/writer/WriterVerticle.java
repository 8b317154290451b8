package dev.sluice.writer;

import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.WriterEndpoint;
import dev.sluice.metrics.Metrics;
import dev.sluice.store.NoOverflow;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One writer: its address on the bus, its store, its overflow, its timer. All on one event loop. */
public final class WriterVerticle extends VerticleBase {

    /** Resolution of the waiting bound, and the longest pause between a store that comes back and the next batch. */
    private static final long TICK_MS = 10;

    /** For which a new writer whose overflow stands waits for PostgreSQL. */
    private static final long JOIN_BY_OVERFLOW_MS = 500;

    private final String address;
    private final WriterDirectory directory;
    private final Function<Vertx, OrderStore> stores;
    private final Function<Vertx, OverflowQueue> overflows;
    private final WriterOptions options;
    private final Metrics metrics;

    private final Promise<Void> joined = Promise.promise();

    private final WriterGauges gauges;
    private volatile String eventLoop = "";
    private volatile int pendingOrders;
    private volatile long batchesCommitted;
    private long startedNanos;
    private @Nullable OrderStore store;
    private @Nullable OverflowQueue overflow;
    private @Nullable BatchWriter writer;
    private @Nullable WriterEndpoint endpoint;

    /** A writer without an overflow. */
    public WriterVerticle(
            String address,
            WriterDirectory directory,
            Function<Vertx, OrderStore> stores,
            WriterOptions options,
            Metrics metrics) {
        this(address, directory, stores, loop -> new NoOverflow(), options, metrics);
    }

    /** Both stores are opened on the verticle's event loop, and closed by it. */
    public WriterVerticle(
            String address,
            WriterDirectory directory,
            Function<Vertx, OrderStore> stores,
            Function<Vertx, OverflowQueue> overflows,
            WriterOptions options,
            Metrics metrics) {
        this.address = address;
        this.directory = directory;
        this.stores = stores;
        this.overflows = overflows;
        this.options = options;
        this.metrics = metrics;
        this.gauges = new WriterGauges(metrics);
    }

    @Override
    public Future<?> start() {
        eventLoop = Thread.currentThread().getName();
        OrderStore opened = new MeteredStore(stores.apply(vertx), metrics);
        OverflowQueue queue = overflows.apply(vertx);
        BatchWriter batching = new BatchWriter(opened, queue, options, metrics, System::nanoTime);
        startedNanos = System.nanoTime();
        store = opened;
        overflow = queue;
        writer = batching;
        vertx.setPeriodic(TICK_MS, id -> {
            batching.tick();
            gauges.update(batching);
            pendingOrders = batching.pending();
            batchesCommitted = batching.batchesCommitted();
            joinWhenUp();
        });
        return WriterEndpoint.open(vertx, directory, address, batch -> write(batching, batch))
                .onSuccess(open -> endpoint = open)
                .onSuccess(open -> joinWhenUp());
    }

    /** Not before a store stands: beside writers that can store, one that cannot would only refuse orders. */
    private void joinWhenUp() {
        if (endpoint != null && hasAStore() && !joined.future().isComplete()) {
            endpoint.join();
            joined.complete();
        }
    }

    /** PostgreSQL's connections are given time: beside writers that commit, a new one should not queue. */
    private boolean hasAStore() {
        boolean waited = System.nanoTime() - startedNanos > TimeUnit.MILLISECONDS.toNanos(JOIN_BY_OVERFLOW_MS);
        return (store != null && store.isUp()) || (waited && overflow != null && overflow.isUp());
    }

    /** When it takes orders; fails where it is stopped before. Any thread. */
    public Future<Void> joined() {
        return joined.future();
    }

    /** Orders that wait for PostgreSQL, as of the last look, a few milliseconds ago. Any thread. */
    public int pendingOrders() {
        return pendingOrders;
    }

    /** Batches that PostgreSQL committed so far, as of the same look. Any thread. */
    public long batchesCommitted() {
        return batchesCommitted;
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

    /** Takes no new orders, settles those it has, in the overflow too, then lets go of both stores. */
    @Override
    public Future<?> stop() {
        joined.tryFail("stopped before its store stood");
        if (endpoint == null || writer == null) {
            return closeStores();
        }
        BatchWriter batching = writer;
        return endpoint.close().compose(left -> idle(batching)).eventually(this::closeStores);
    }

    private Future<Void> closeStores() {
        List<Future<?>> closing = new ArrayList<>();
        if (store != null) {
            closing.add(store.close());
        }
        if (overflow != null) {
            closing.add(overflow.close());
        }
        return Future.join(closing).mapEmpty();
    }

    private Future<Void> idle(BatchWriter batching) {
        Promise<Void> promise = Promise.promise();
        vertx.setPeriodic(TICK_MS, id -> {
            if (batching.isIdle() && vertx.cancelTimer(id)) {
                gauges.clear();
                promise.complete();
            }
        });
        return promise.future();
    }
}
