package dev.sluice.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.FakeOrderStore.Plan;
import dev.sluice.store.FakeOverflow;
import dev.sluice.store.FakeOverflow.Call;
import dev.sluice.store.FakeOverflow.Fate;
import dev.sluice.store.SimClock;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrainLoopTest {

    private static final int BATCH_MAX = 16;

    private final SimClock clock = new SimClock();
    private final FakeOrderStore store = new FakeOrderStore(clock);
    private final FakeOverflow overflow = new FakeOverflow(clock);
    private final Metrics metrics = Metrics.on("x");
    private final FakeOverflow.Reader reader = overflow.reader();
    private Supplier<Fate> fates = () -> Fate.ANSWER;
    private Supplier<Long> delays = () -> 1L;
    private int liveOrders;
    private long liveCommits;
    private final DrainLoop drain = drain(reader);

    private DrainLoop drain(FakeOverflow.Reader as) {
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

    private void start() {
        drain.look().onFailure(AssertionError::new);
        clock.advanceMs(2);
        drain.start();
    }

    private List<Order> queued(int count) {
        List<Order> orders = TestOrders.many("k", count);
        orders.forEach(overflow::put);
        return orders;
    }

    private Set<String> reasons() {
        return overflow.dead().values().stream().map(DeadLetter::reason).collect(Collectors.toSet());
    }

    @Test
    void everyEntryBecomesARowAndIsSettledAfterTheCommitOnly() {
        List<Order> orders = queued(3 * BATCH_MAX + 1);
        store.plan(FakeOrderStore.Fate.COMMIT, 20);
        start();
        clock.advanceMs(15);
        assertEquals(List.of(), overflow.settled(), "nothing is committed yet");
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(orders.size(), store.rows().size());
        assertEquals(orders.size(), metrics.overflow().drained().total());
        assertEquals(DrainState.IDLE, drain.state());
        assertEquals(0, overflow.calls(Call.LETTERS), "there was no dead letter");
    }

    @Test
    void whileAllGoesWellTheNextBatchIsReadBesideAnInsert() {
        queued(3 * BATCH_MAX);
        store.plan(FakeOrderStore.Fate.COMMIT, 20);
        start();
        clock.advanceMs(10);
        assertEquals(1, store.batches().size());
        assertEquals(2, overflow.calls(Call.READ));
        assertEquals(List.of(), overflow.settled());
        liveOrders = 100;
        drain.tick();
        clock.advanceMs(25);
        assertEquals(2, overflow.calls(Call.READ), "beside live orders it takes one step after the other");
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "LOSE", "BREAK"})
    void aSettlementThatFailsBesideAnInsertIsDoneInTheEnd(Fate fate) {
        List<Order> orders = queued(4 * BATCH_MAX);
        Iterator<Fate> failing = List.of(fate, Fate.ANSWER, fate, fate).iterator();
        fates = () -> failing.hasNext() ? failing.next() : Fate.ANSWER;
        delays = () -> 5L;
        store.plan(FakeOrderStore.Fate.COMMIT, 20);
        start();
        clock.advanceMs(10_000);
        assertTrue(overflow.isEmpty());
        assertEquals(orders.size(), store.rows().size());
        assertEquals(Set.of(), overflow.dead().keySet());
        assertEquals(DrainState.IDLE, drain.state());
    }

    @Test
    void itsStopWaitsForTheSettlementBesideAnInsert() {
        queued(4 * BATCH_MAX);
        delays = () -> 5L;
        store.plan(FakeOrderStore.Fate.COMMIT, 20);
        start();
        clock.advanceMs(28);
        Future<Void> stopped = drain.stop();
        clock.advanceMs(100);
        assertTrue(stopped.succeeded());
        long settled = overflow.settled().stream().mapToLong(List::size).sum();
        assertEquals(store.rows().size(), settled, "what is committed is settled");
    }

    @Test
    void anOutageSettlesNothingAndKeepsTheBatch() {
        queued(BATCH_MAX);
        store.plan(FakeOrderStore.Fate.FAIL, 1);
        start();
        clock.advanceMs(60_000);
        assertEquals(List.of(), overflow.settled());
        assertEquals(Set.of(), overflow.dead().keySet());
        assertEquals(BATCH_MAX, overflow.orders().size());
        assertTrue(
                store.batches().size() < 300, "it backs off: " + store.batches().size());
        assertEquals(DrainState.POSTGRES_AWAY, drain.state());
        store.plan(FakeOrderStore.Fate.COMMIT, 1);
        clock.advanceMs(3_000);
        assertTrue(overflow.isEmpty());
        assertEquals(BATCH_MAX, store.rows().size());
    }

    @Test
    void aStoreThatIsAwayIsNotTriedAndTakenUpAtOnceWhenItIsBack() {
        queued(3);
        store.up(false);
        start();
        clock.advanceMs(60_000);
        assertEquals(List.of(), store.batches());
        assertEquals(DrainState.POSTGRES_AWAY, drain.state());
        store.up(true);
        clock.advanceMs(100);
        assertEquals(3, store.rows().size());
    }

    @Test
    void anOverflowThatGoesAwayIsDrainedToItsEndWhenItIsBack() {
        List<Order> orders = queued(3 * BATCH_MAX);
        store.plan(FakeOrderStore.Fate.COMMIT, 20);
        start();
        clock.advanceMs(15);
        overflow.up(false);
        clock.advanceMs(60_000);
        assertEquals(DrainState.REDIS_AWAY, drain.state());
        assertEquals(BATCH_MAX, store.rows().size(), "what was read before is committed, and nothing more is read");
        assertEquals(List.of(), overflow.settled());
        overflow.up(true);
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(orders.size(), store.rows().size());
        assertEquals(orders.size(), metrics.overflow().drained().total(), "each is counted once");
        assertEquals(DrainState.IDLE, drain.state());
    }

    @Test
    void readsThatFailBackOffAndTheDrainGoesOnWhenTheyWork() {
        queued(BATCH_MAX);
        overflow.plan(Fate.FAIL, 1);
        start();
        clock.advanceMs(60_000);
        assertEquals(DrainState.REDIS_AWAY, drain.state());
        int reads = overflow.calls(Call.READ);
        assertTrue(reads > 100 && reads <= 60_000 / DrainMachine.RETRY_MAX_MS + 5, "it backs off: " + reads);
        planChanges();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(BATCH_MAX, store.rows().size());
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundAgain() {
        queued(5);
        store.plan(FakeOrderStore.Fate.LOSE, 1);
        start();
        clock.advanceMs(10);
        assertEquals(5, store.rows().size());
        assertFalse(overflow.isEmpty());
        store.plan(FakeOrderStore.Fate.COMMIT, 1);
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(5, metrics.overflow().drained().total());
    }

    @Test
    void whatIsRefusedDiesWithItsReasonAndItsNeighboursCommit() {
        List<Order> orders = queued(BATCH_MAX);
        Order culprit = orders.get(5);
        store.refuse(culprit::equals);
        start();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(BATCH_MAX - 1, store.rows().size());
        assertEquals(
                Set.of(FakeOverflow.letterOf(culprit).toString()),
                overflow.dead().keySet());
        assertEquals(Set.of("refused " + culprit.clientOrderId()), reasons());
        assertEquals(BATCH_MAX - 1, metrics.overflow().drained().total());
    }

    @Test
    void firstCommitWins() {
        Order winner = TestOrders.order("k", 1);
        Order loser = TestOrders.order("k", 2);
        store.insert(List.of(winner), clock.deadlineIn(100)).onFailure(AssertionError::new);
        overflow.put(loser);
        start();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(winner, store.rows().get(winner.id()).order());
        assertEquals(Set.of("client_order_id_reused: another content was committed first"), reasons());
    }

    @Test
    void repeatedEntriesOfOneOrderAreOneRow() {
        List<Order> orders = queued(3);
        orders.forEach(overflow::put);
        overflow.put(orders.get(0));
        start();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(3, store.rows().size());
        assertEquals(3, metrics.overflow().drained().total());
    }

    @Test
    void repeatedEntriesOfARefusedOrderAreOneDeadLetter() {
        Order order = TestOrders.order("k");
        overflow.put(order);
        overflow.put(order);
        store.refuse(order::equals);
        overflow.deadLettersMax(0);
        start();
        clock.advanceMs(5_000);
        assertTrue(overflow.orders().containsKey(order.id()), "nothing takes the order before it has died");
        overflow.deadLettersMax(1);
        clock.advanceMs(5_000);
        assertTrue(overflow.isEmpty());
        assertEquals(1, overflow.dead().size());
    }

    @Test
    void anEntryThatHoldsNothingIsSettled() {
        Order order = TestOrders.order("k");
        overflow.put(order);
        overflow.orders().clear();
        start();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(0, metrics.overflow().drained().total());
        assertEquals(0, store.rows().size());
    }

    @Test
    void tenFailuresAloneWhileNeighboursCommitAreDeath() {
        Order cursed = TestOrders.order("cursed");
        store.plan(
                batch -> new Plan(batch.contains(cursed) ? FakeOrderStore.Fate.FAIL : FakeOrderStore.Fate.COMMIT, 1));
        overflow.put(cursed);
        List<Order> orders = queued(BATCH_MAX - 1);
        start();
        int more = 0;
        for (; more < 100 && overflow.dead().isEmpty(); more++) {
            overflow.put(TestOrders.order("more" + more));
            clock.advanceMs(500);
        }
        assertEquals(Set.of("failed alone 10 times while others were stored: rolled back"), reasons());
        assertTrue(triesAlone(cursed) >= 10, "alone: " + triesAlone(cursed));
        assertEquals(orders.size() + more, store.rows().size());
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
    }

    @Test
    void asManyAsThatDoNotStopTheOthers() {
        Set<Order> cursed = new HashSet<>(TestOrders.many("cursed", 5 * BATCH_MAX));
        List<Order> healthy = TestOrders.many("k", 5 * BATCH_MAX);
        cursed.forEach(overflow::put);
        healthy.forEach(overflow::put);
        store.plan(batch -> new Plan(
                batch.stream().anyMatch(cursed::contains) ? FakeOrderStore.Fate.FAIL : FakeOrderStore.Fate.COMMIT, 1));
        start();
        for (int i = 0; i < 200; i++) {
            overflow.put(TestOrders.order("more" + i));
            clock.advanceMs(500);
        }
        clock.advanceMs(5_000);
        assertEquals(cursed.size(), overflow.dead().size());
        assertEquals(healthy.size() + 200, store.rows().size());
        assertTrue(overflow.isEmpty());
    }

    private long triesAlone(Order order) {
        return store.batches().stream().filter(List.of(order)::equals).count();
    }

    @Test
    void withoutACommitBesideItNothingCountsAgainstAnEntry() {
        Order cursed = TestOrders.order("cursed");
        store.plan(
                batch -> new Plan(batch.contains(cursed) ? FakeOrderStore.Fate.FAIL : FakeOrderStore.Fate.COMMIT, 1));
        overflow.put(cursed);
        overflow.put(TestOrders.order("neighbour"));
        start();
        clock.advanceMs(600_000);
        assertEquals(1, store.rows().size(), "its neighbour is through");
        assertEquals(Set.of(), overflow.dead().keySet(), "and since then perhaps PostgreSQL takes nothing at all");
        assertTrue(triesAlone(cursed) > 10);
        assertTrue(triesAlone(cursed) < 3_000);
    }

    @Test
    void liveOrdersThatCommitAreNeighboursToo() {
        Order cursed = TestOrders.order("cursed");
        store.plan(FakeOrderStore.Fate.FAIL, 1);
        overflow.put(cursed);
        start();
        for (int i = 0; i < 100 && overflow.dead().isEmpty(); i++) {
            liveCommits++;
            drain.tick();
            clock.advanceMs(500);
        }
        assertEquals(Set.of("failed alone 10 times while others were stored: rolled back"), reasons());
        assertTrue(triesAlone(cursed) >= 10, "alone: " + triesAlone(cursed));
        assertTrue(overflow.isEmpty());
    }

    @Test
    void liveOrdersSayNothingOfAnEntryThatTheDrainsOwnConnectionDidNotOutlive() {
        store.plan(FakeOrderStore.Fate.BREAK, 1);
        overflow.put(TestOrders.order("cursed"));
        start();
        for (int i = 0; i < 200; i++) {
            liveCommits++;
            drain.tick();
            clock.advanceMs(500);
        }
        assertEquals(Set.of(), overflow.dead().keySet());
        assertEquals(1, overflow.orders().size());
    }

    @Test
    void aWriterThatLeavesTakesNoCommitBack() {
        liveCommits = 1_000_000;
        drain.tick();
        liveCommits = 3;
        drain.tick();
        liveOrdersThatCommitAreNeighboursToo();
    }

    @Test
    void whateverBreaksInAStepAnotherOneFollows() {
        int[] left = {0};
        Runnable bug = () -> {
            if (left[0]-- > 0) {
                throw new IllegalStateException("a bug");
            }
        };
        store.plan(batch -> {
            bug.run();
            return new Plan(FakeOrderStore.Fate.COMMIT, 1);
        });
        delays = () -> {
            bug.run();
            return 1L;
        };
        start();
        for (int bugs = 1; bugs < 20; bugs++) {
            queued(BATCH_MAX + 1);
            left[0] = bugs;
            clock.advanceMs(20_000);
            assertTrue(left[0] < 0, "void: nothing broke");
            assertTrue(overflow.isEmpty(), "after " + bugs);
        }
        assertEquals(BATCH_MAX + 1, store.rows().size());
        assertTrue(drain.stop().succeeded());
    }

    @Test
    void aLookThatBreaksIsNotTheLast() {
        delays = () -> {
            throw new IllegalStateException("a bug");
        };
        drain.look().onFailure(AssertionError::new);
        delays = () -> 1L;
        queued(3);
        drain.look().onFailure(AssertionError::new);
        clock.advanceMs(2);
        assertEquals(3, metrics.overflow().depth().now());
    }

    @Test
    void aNeighbourThatFailsAloneDoesNotHoldUpOthers() {
        Set<Order> cursed = new HashSet<>(TestOrders.many("cursed", 3));
        cursed.forEach(overflow::put);
        queued(10 * BATCH_MAX);
        store.plan(batch -> new Plan(
                batch.stream().anyMatch(cursed::contains) ? FakeOrderStore.Fate.FAIL : FakeOrderStore.Fate.COMMIT, 1));
        start();
        clock.advanceMs(1_500);
        assertEquals(10 * BATCH_MAX, store.rows().size());
    }

    @Test
    void aDeadLetterWithoutMemoryHoldsUpNoOtherEntry() {
        Order culprit = queued(1).get(0);
        store.refuse(culprit::equals);
        overflow.deadLettersMax(0);
        overflow.deadLettersRefusal("no memory left");
        start();
        clock.advanceMs(1_000);
        TestOrders.many("other", 5 * BATCH_MAX).forEach(overflow::put);
        clock.advanceMs(20_000);
        assertEquals(5 * BATCH_MAX, store.rows().size());
        overflow.deadLettersMax(1);
        clock.advanceMs(20_000);
        assertTrue(overflow.isEmpty());
        assertEquals(
                Set.of(FakeOverflow.letterOf(culprit).toString()),
                overflow.dead().keySet());
    }

    @Test
    void atTheBoundOfDeadLettersItPausesUntilThereIsRoom() {
        List<Order> orders = queued(BATCH_MAX);
        store.refuse(orders.get(0)::equals);
        overflow.deadLettersMax(0);
        start();
        clock.advanceMs(60_000);
        assertEquals(DrainState.DEAD_LETTERS_FULL, drain.state());
        assertEquals(BATCH_MAX - 1, store.rows().size());
        assertEquals(1, overflow.orders().size(), "what is stored was settled, once");
        assertEquals(1, overflow.settled().size());
        overflow.put(TestOrders.order("later"));
        clock.advanceMs(10_000);
        assertEquals(BATCH_MAX - 1, store.rows().size(), "it is paused");
        overflow.deadLettersMax(1);
        clock.advanceMs(2_000);
        assertTrue(overflow.isEmpty());
        assertEquals(1, overflow.dead().size());
        assertEquals(BATCH_MAX, store.rows().size());
    }

    @Test
    void aDrainerThatDiesBetweenCommitAndSettleLosesAndDoublesNothing() {
        queued(5);
        delays = () -> store.rows().isEmpty() ? 1L : 10_000L;
        start();
        clock.advanceMs(100);
        assertEquals(5, store.rows().size());
        assertEquals(List.of(), overflow.settled());
        reader.die();
        fates = () -> Fate.BREAK;
        clock.advanceMs(20_000);
        fates = () -> Fate.ANSWER;
        delays = () -> 1L;
        drain(overflow.reader()).start();
        clock.advanceMs(1_000);
        assertTrue(overflow.isEmpty());
        assertEquals(5, store.rows().size());
    }

    @Test
    void aSettlementThatIsRefusedIsRepeatedAndOneThatIsLostIsLookedAtAgain() {
        for (Fate fate : List.of(Fate.FAIL, Fate.LOSE, Fate.BREAK)) {
            fates = () -> fate;
            overflow.put(TestOrders.order("k" + fate));
            if (fate == Fate.FAIL) {
                start();
            }
            clock.advanceMs(500);
            fates = () -> Fate.ANSWER;
            clock.advanceMs(5_000);
            assertTrue(overflow.isEmpty(), fate.toString());
        }
        assertEquals(3, store.rows().size());
        assertEquals(Set.of(), overflow.dead().keySet());
    }

    @Test
    void aCommitResolvesTheDeadLetterOfTheSameOrder() {
        Order order = TestOrders.order("k");
        store.refuse(order::equals);
        overflow.put(order);
        start();
        clock.advanceMs(1_000);
        assertEquals(1, overflow.dead().size());
        store.refuse(any -> false);
        overflow.put(order);
        clock.advanceMs(1_000);
        assertEquals(0, overflow.dead().size());
        assertEquals(1, store.rows().size());
    }

    @Test
    void besideLiveOrdersItGetsAFairShare() {
        store.plan(FakeOrderStore.Fate.COMMIT, 8);
        delays = () -> 1L;
        queued(200 * BATCH_MAX);
        liveOrders = 100;
        start();
        for (int i = 0; i < 500; i++) {
            drain.tick();
            clock.advanceMs(10);
        }
        int batches = store.batches().size();
        assertTrue(
                batches >= 125 && batches <= 144, "a quarter of five seconds, nine milliseconds a batch: " + batches);
    }

    @Test
    void metricsTellHowFullItIs() {
        store.up(false);
        queued(7);
        start();
        clock.advanceMs(5_000);
        drain.look().onFailure(AssertionError::new);
        clock.advanceMs(2);
        assertEquals(7, metrics.overflow().depth().now());
        assertEquals(5, metrics.overflow().oldestSeconds().now(), 0.1);
        assertEquals(0, metrics.overflow().deadLetters().now());
        store.refuse(any -> true);
        store.up(true);
        clock.advanceMs(1_000);
        drain.look().onFailure(AssertionError::new);
        clock.advanceMs(2);
        assertEquals(0, metrics.overflow().depth().now());
        assertEquals(0, metrics.overflow().oldestSeconds().now());
        assertEquals(7, metrics.overflow().deadLetters().now());
    }

    @Test
    void stopEndsAfterTheStepThatIsUnderWay() {
        queued(1);
        store.plan(FakeOrderStore.Fate.COMMIT, 500);
        start();
        clock.advanceMs(100);
        var stopped = drain.stop();
        assertFalse(stopped.isComplete());
        clock.advanceMs(1_000);
        assertTrue(stopped.isComplete());
        assertTrue(overflow.isEmpty());
        assertEquals(DrainState.STOPPED, drain.state());
        int reads = overflow.calls(Call.READ);
        clock.advanceMs(10_000);
        assertEquals(reads, overflow.calls(Call.READ));
        for (List<Settlement> settlements : overflow.settled()) {
            assertEquals(1, settlements.size());
        }
    }

    @Test
    void stopDoesNotWaitForAPause() {
        store.up(false);
        start();
        clock.advanceMs(10);
        assertTrue(drain.stop().isComplete());
    }
}
