package dev.sluice.writer;

import dev.sluice.bus.Endpoint;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One writer: its address on the bus, its store, its overflow, its timer. All on one event loop. */
public final class WriterVerticle extends VerticleBase {

    /** Resolution of the waiting bound, and the longest pause between a store that comes back and the next batch. */
    private static final long TICK_MS = 10;

    /** How long a new writer whose overflow is up waits for PostgreSQL before it joins. */
    private static final long JOIN_BY_OVERFLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String address;
    private final WriterDirectory directory;
    private final Function<Vertx, OrderStore> stores;
    private final Function<Vertx, OverflowQueue> overflows;
    private final SluiceConfig config;
    private final Metrics metrics;
    private final Promise<Void> joined = Promise.promise();

    private volatile String eventLoop = "";
    private volatile int pendingOrders;
    private volatile long batchesCommitted;
    private @Nullable Opened opened;

    /** What it opens at its start and closes at its end. */
    private record Opened(OrderStore store, OverflowQueue overflow, BatchWriter writer, long sinceNanos) {

        /** PostgreSQL's connections are given time: beside writers that commit, a new one should not queue. */
        boolean hasStore() {
            boolean waited = System.nanoTime() - sinceNanos > JOIN_BY_OVERFLOW_NANOS;
            return store.isUp() || (waited && overflow.isUp());
        }

        Future<Void> close() {
            return Future.join(store.close(), overflow.close()).mapEmpty();
        }
    }

    private @Nullable Endpoint endpoint;

    /** Both stores are opened on the verticle's event loop, and closed by it. */
    public WriterVerticle(
            String address,
            WriterDirectory directory,
            Function<Vertx, OrderStore> stores,
            Function<Vertx, OverflowQueue> overflows,
            SluiceConfig config,
            Metrics metrics) {
        this.address = address;
        this.directory = directory;
        this.stores = stores;
        this.overflows = overflows;
        this.config = config;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        eventLoop = Thread.currentThread().getName();
        OrderStore store = stores.apply(vertx);
        OverflowQueue overflow = overflows.apply(vertx);
        BatchWriter writer = new BatchWriter(store, overflow, config, metrics, System::nanoTime);
        Opened open = new Opened(store, overflow, writer, System.nanoTime());
        opened = open;
        vertx.setPeriodic(TICK_MS, id -> tick(open));
        return Endpoint.open(vertx, address, writer::accept)
                .onSuccess(consuming -> endpoint = consuming)
                .onSuccess(consuming -> joinWhenUp(open));
    }

    private void tick(Opened open) {
        open.writer().tick();
        pendingOrders = open.writer().pending();
        batchesCommitted = open.writer().batchesCommitted();
        directory.room(address, open.writer().hasRoom());
        joinWhenUp(open);
    }

    /** Not before a store is up: beside writers that can store, one that cannot would only refuse orders. */
    private void joinWhenUp(Opened open) {
        if (endpoint != null && open.hasStore() && !joined.future().isComplete()) {
            directory.add(address, context, open.writer()::accept);
            joined.complete();
        }
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

    /** Takes no new orders, settles those it has, in the overflow too, then closes both stores. */
    @Override
    public Future<?> stop() {
        joined.tryFail("stopped before its store was up");
        Future<Void> told = directory.remove(address);
        if (opened == null) {
            return Future.succeededFuture();
        }
        Opened open = opened;
        Future<Void> left = endpoint == null
                ? Future.succeededFuture()
                : told.eventually(endpoint::close).compose(closed -> idle(open.writer()));
        return left.eventually(open::close);
    }

    private Future<Void> idle(BatchWriter writer) {
        Promise<Void> promise = Promise.promise();
        vertx.setPeriodic(TICK_MS, id -> {
            if (writer.isIdle() && vertx.cancelTimer(id)) {
                writer.leaveMetrics();
                promise.complete();
            }
        });
        return promise.future();
    }
}
