package dev.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.FakeOverflow;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.SimClock;
import io.vertx.core.Future;
import java.util.ArrayList;
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

    private WriterRig(boolean withOverflow, Metrics metrics, String... sets) {
        this.metrics = metrics;
        writer = new BatchWriter(
                store, withOverflow ? overflow : new OverflowQueue.None(), config(sets), metrics, clock::nanos);
        tickForever();
    }

    /** Without an overflow. */
    WriterRig(String... sets) {
        this(false, Metrics.on("test"), sets);
    }

    WriterRig(Metrics metrics, String... sets) {
        this(false, metrics, sets);
    }

    static WriterRig withOverflow(String... sets) {
        return new WriterRig(true, Metrics.on("test"), sets);
    }

    /** Room for all, small batches: at most four orders in one, two of them at once. */
    static SluiceConfig config(String... sets) {
        List<String> all = new ArrayList<>(List.of(
                "writer.batchMax=4",
                "writer.batchBytesMax=1048576",
                "writer.inFlightMax=2",
                "writer.fillMin=2",
                "writer.bufferMax=1000",
                "writer.bufferBytesMax=1048576",
                "writer.deadlineMs=" + DEADLINE_MS,
                "overflow.highWatermark=100"));
        all.addAll(List.of(sets));
        return TestConfig.of(all.toArray(String[]::new));
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
        return writer.accept(new OrderBatch(orders, Priority.LIVE)).map(OutcomeBatch::outcomes);
    }

    void accept(List<Order> orders, Priority priority) {
        writer.accept(new OrderBatch(orders, priority)).onFailure(error -> {
            throw new AssertionError("a reply never fails", error);
        });
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
