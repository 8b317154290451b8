package dev.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.NoOverflow;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.SimClock;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A writer over the fake store, ticked every ten milliseconds of a clock that only the test moves. */
final class WriterRig {

    static final long TICK_MS = 10;
    static final long DEADLINE_MS = 1_000;
    static final long WAIT_MAX_MS = 300;

    final SimClock clock = new SimClock();
    final FakeOrderStore store = new FakeOrderStore(clock);
    final FakeOverflow overflow = new FakeOverflow(clock);
    final Metrics metrics;
    final BatchWriter writer;

    WriterRig(Metrics metrics, WriterOptions options) {
        this.metrics = metrics;
        writer = new BatchWriter(store, options, metrics, clock::nanos);
        tickForever();
    }

    private WriterRig(OverflowQueue ignored, WriterOptions options) {
        metrics = Metrics.on("test");
        writer = new BatchWriter(store, overflow, options, metrics, clock::nanos);
        tickForever();
    }

    /** One whose writer has the overflow. */
    static WriterRig withOverflow(WriterOptions options) {
        return new WriterRig(new NoOverflow(), options);
    }

    WriterRig(WriterOptions options) {
        this(Metrics.on("test"), options);
    }

    /** Room for all, small batches: at most four orders in one, two of them at once. */
    static WriterOptions options() {
        return new WriterOptions(4, 1 << 20, 2, 2, 1_000, 1 << 20, DEADLINE_MS, WAIT_MAX_MS);
    }

    static WriterOptions withBuffer(int ordersMax, long bytesMax) {
        return new WriterOptions(4, 1 << 20, 2, 2, ordersMax, bytesMax, DEADLINE_MS, WAIT_MAX_MS);
    }

    static WriterOptions withBatchBytes(long bytesMax) {
        return new WriterOptions(4, bytesMax, 2, 2, 1_000, 1 << 20, DEADLINE_MS, WAIT_MAX_MS);
    }

    private void tickForever() {
        clock.after(TICK_MS, () -> {
            writer.tick();
            tickForever();
        });
    }

    Future<List<Outcome>> accept(Order... orders) {
        return accept(List.of(orders));
    }

    Future<List<Outcome>> accept(List<Order> orders) {
        return writer.accept(orders, Priority.LIVE);
    }

    /** Lets time pass until it is so, and tells how much, milliseconds. */
    long until(BooleanSupplier condition) {
        long began = clock.elapsedMs();
        while (!condition.getAsBoolean()) {
            assertTrue(clock.elapsedMs() - began < 10 * DEADLINE_MS, "never");
            clock.advanceMs(1);
        }
        return clock.elapsedMs() - began;
    }

    /** Waits for the reply of a message of one order. */
    Outcome outcome(Future<List<Outcome>> reply) {
        return outcomes(reply).get(0);
    }

    List<Outcome> outcomes(Future<List<Outcome>> reply) {
        until(reply::isComplete);
        assertTrue(reply.succeeded(), "a reply never fails");
        return reply.result();
    }
}
