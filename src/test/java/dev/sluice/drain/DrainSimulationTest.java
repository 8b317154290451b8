package dev.sluice.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.FakeOrderStore.Plan;
import dev.sluice.store.FakeOverflow;
import dev.sluice.store.FakeOverflow.Fate;
import dev.sluice.store.SimClock;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Drains come and die while both stores fail, stall, answer late and lose answers; then all is well again. Whatever the
 * seed: each queued order ends as exactly one row of its content or one dead letter, and nothing healthy dies.
 */
class DrainSimulationTest {

    private static final List<Fate> FATES = List.of(Fate.ANSWER, Fate.FAIL, Fate.LOSE, Fate.BREAK);
    private static final List<FakeOrderStore.Fate> BAD = List.of(
            FakeOrderStore.Fate.FAIL,
            FakeOrderStore.Fate.LOSE,
            FakeOrderStore.Fate.BREAK,
            FakeOrderStore.Fate.BLUNDER,
            FakeOrderStore.Fate.STALL);

    /** An entry that fails alone dies while others commit; all others have left the queue long before. */
    private static final int CALM_ORDERS_MAX = 210;

    private static final long AFTERWARDS_MS = 5_000;

    /** To read one takes longer than to live through a seed. */
    private static final List<SluiceConfig> CONFIGS = IntStream.rangeClosed(1, 12)
            .mapToObj(batchMax -> SluiceConfig.of("overflow.drainBatchMax=" + batchMax))
            .toList();

    private static final int SEEDS = Integer.getInteger("sluice.drain.seeds", 300);

    @Test
    void nothingIsLostOrDoubledWhateverHappens() {
        int deaths = 0;
        int deadLetters = 0;
        int alone = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Run run = new Run(seed);
            try {
                run.go();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
            deaths += run.deaths;
            deadLetters += run.overflow.dead().size();
            alone += run.cursed.size();
        }
        assertTrue(deaths > SEEDS && deadLetters > SEEDS && alone > SEEDS / 2, "it reached what it is about");
    }

    private static final class Run {

        private final Random random;
        private final SimClock clock = new SimClock();
        private final FakeOrderStore store = new FakeOrderStore(clock);
        private final FakeOverflow overflow = new FakeOverflow(clock);
        private final Metrics metrics = Metrics.off("x");
        private final List<Order> queued = new ArrayList<>();
        private final Set<Order> losers = new HashSet<>();
        private final Set<Order> refused = new HashSet<>();
        private final Set<Order> cursed = new HashSet<>();
        private final SluiceConfig config;
        private FakeOverflow.Reader reader;
        private Supplier<Fate> fates = () -> Fate.ANSWER;
        private Supplier<Long> delays = () -> 1L;
        private int deaths;
        private int keys;

        Run(long seed) {
            random = new Random(seed);
            config = CONFIGS.get(random.nextInt(CONFIGS.size()));
        }

        private boolean chance(int inHundred) {
            return random.nextInt(100) < inHundred;
        }

        void go() {
            store.refuse(refused::contains);
            overflow.plan(call -> new FakeOverflow.Plan(call.isChange() ? fates.get() : Fate.ANSWER, delays.get()));
            begin();
            for (int i = 0; i < 60; i++) {
                storm();
                clock.advanceMs(1 + random.nextInt(600));
            }
            calm();
            for (int i = 0; i < CALM_ORDERS_MAX && !overflow.isEmpty(); i++) {
                healthy();
                clock.advanceMs(500);
            }
            clock.advanceMs(AFTERWARDS_MS); // what a drain that died has sent by then
            check();
            metrics.close();
        }

        private void begin() {
            reader = overflow.reader();
            new DrainLoop(
                            new DrainVerticle.Stores(reader, overflow, store),
                            config,
                            () -> random.nextInt(3),
                            metrics,
                            new SimTime(clock))
                    .start();
        }

        private void storm() {
            for (int i = random.nextInt(4); i > 0; i--) {
                anyOrder();
            }
            store.up(chance(80));
            overflow.up(chance(85));
            int good = random.nextInt(101);
            store.plan(batch -> batch.stream().anyMatch(cursed::contains)
                    ? new Plan(FakeOrderStore.Fate.FAIL, 1)
                    : new Plan(chance(good) ? FakeOrderStore.Fate.COMMIT : bad(), 1 + random.nextInt(1_200)));
            int settled = random.nextInt(101);
            fates = () -> chance(settled) ? Fate.ANSWER : FATES.get(random.nextInt(FATES.size()));
            delays = () -> 1L + random.nextInt(300);
            overflow.deadLettersMax(chance(20) ? overflow.dead().size() : Integer.MAX_VALUE);
            if (chance(15)) {
                reader.die();
                deaths++;
                begin();
            }
        }

        private FakeOrderStore.Fate bad() {
            return BAD.get(random.nextInt(BAD.size()));
        }

        private void anyOrder() {
            Order order = order(2);
            if (chance(10)) {
                refused.add(order);
            } else if (chance(3)) {
                cursed.add(order);
            } else if (chance(10)) {
                losers.add(order);
                commitFirst(TestOrders.order(order.clientOrderId(), 1));
            }
            put(order);
            if (chance(20)) {
                overflow.put(order);
            }
        }

        private void commitFirst(Order winner) {
            store.up(true);
            store.plan(FakeOrderStore.Fate.COMMIT, 0);
            store.insert(List.of(winner), clock.deadlineIn(10)).onFailure(e -> {
                throw (StoreFailure) e;
            });
            clock.advanceMs(0);
        }

        private Order order(int quantity) {
            return TestOrders.order("k" + keys++, quantity);
        }

        private void put(Order order) {
            queued.add(order);
            overflow.put(order);
        }

        private void healthy() {
            put(order(1));
        }

        private void calm() {
            store.up(true);
            overflow.up(true);
            store.plan(batch -> new Plan(
                    batch.stream().anyMatch(cursed::contains) ? FakeOrderStore.Fate.FAIL : FakeOrderStore.Fate.COMMIT,
                    1));
            fates = () -> Fate.ANSWER;
            delays = () -> 1L;
            overflow.deadLettersMax(Integer.MAX_VALUE);
        }

        private void check() {
            assertTrue(overflow.isEmpty(), () -> overflow.orders() + " are left in the queue");
            int rows = 0;
            for (Order order : queued) {
                boolean dies = refused.contains(order) || cursed.contains(order) || losers.contains(order);
                var row = store.rows().get(order.id());
                boolean stored = row != null && row.order().fingerprint().equals(order.fingerprint());
                boolean dead =
                        overflow.dead().containsKey(FakeOverflow.letterOf(order).toString());
                assertEquals(dies, dead, () -> "dead letter of " + order);
                assertEquals(!dies, stored, () -> "row of " + order);
                rows += row == null ? 0 : 1;
            }
            assertEquals(rows, store.rows().size());
        }
    }
}
