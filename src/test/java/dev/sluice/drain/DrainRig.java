package dev.sluice.drain;

import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.FakeOverflow;
import dev.sluice.store.FakeOverflow.Fate;
import dev.sluice.store.SimClock;
import dev.sluice.store.TestOrders;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A drain between fake stores, on a clock that a test moves. */
abstract class DrainRig {

    static final int BATCH_MAX = 16;

    final SimClock clock = new SimClock();
    final FakeOrderStore store = new FakeOrderStore(clock);
    final FakeOverflow overflow = new FakeOverflow(clock);
    final Metrics metrics = Metrics.on("x");
    final FakeOverflow.Reader reader = overflow.reader();
    Supplier<Fate> fates = () -> Fate.ANSWER;
    Supplier<Long> delays = () -> 1L;
    int liveOrders;
    long liveCommits;
    final DrainLoop drain = drain(reader);

    DrainLoop drain(FakeOverflow.Reader as) {
        return new DrainLoop(
                new DrainVerticle.Stores(as, overflow, store),
                SluiceConfig.of("overflow.drainBatchMax=" + BATCH_MAX),
                new LiveOrders() {
                    @Override
                    public int pending() {
                        return liveOrders;
                    }

                    @Override
                    public long batchesCommitted() {
                        return liveCommits;
                    }
                },
                metrics,
                new SimTime(clock));
    }

    @BeforeEach
    void planChanges() {
        overflow.plan(call -> new FakeOverflow.Plan(call.isChange() ? fates.get() : Fate.ANSWER, delays.get()));
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    void start() {
        drain.look().onFailure(AssertionError::new);
        clock.advanceMs(2);
        drain.start();
    }

    List<Order> queued(int count) {
        List<Order> orders = TestOrders.many("k", count);
        orders.forEach(overflow::put);
        return orders;
    }

    Set<String> reasons() {
        return overflow.dead().values().stream().map(DeadLetter::reason).collect(Collectors.toSet());
    }
}
