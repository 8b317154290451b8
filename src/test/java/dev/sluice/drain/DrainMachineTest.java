package dev.sluice.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.drain.SettlementQueue.Owed;
import dev.sluice.drain.Step.Act;
import dev.sluice.drain.Step.Insert;
import dev.sluice.drain.Step.Pause;
import dev.sluice.drain.Step.Read;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.TestOrders;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each edge of the picture of {@link DrainMachine} in ARCHITECTURE.md. */
class DrainMachineTest {

    private static final int BATCH_MAX = 200;
    private static final int BUSY = 100;
    private static final Outcome COMMITTED = new Outcome.Committed(1);
    private static final Outcome ROLLED_BACK = new Outcome.NotStored("rolled back");

    private final RetryQueue retries = new RetryQueue(DrainMachine.ALONE_MIN);
    private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1); // it wraps on the way
    private final DrainMachine machine = new DrainMachine(BATCH_MAX, retries, now);
    private boolean redisUp = true;
    private boolean postgresUp = true;
    private Owed owed = Owed.NOTHING;
    private int entries;

    private Step next() {
        return machine.next(redisUp, postgresUp, owed, now);
    }

    private void begun() {
        machine.resume();
    }

    private void read(int count) {
        machine.onRead(IntStream.range(0, count).mapToObj(i -> delivery()).toList(), now);
    }

    private Delivery delivery() {
        Order order = TestOrders.order("k" + ++entries);
        return new Delivery(0, entries + "-0", order.id(), order, 1);
    }

    private Insert insert() {
        return assertInstanceOf(Insert.class, next());
    }

    private BatchResult ended(Insert insert, Outcome outcome) {
        int orders = insert.batch().leaders().size();
        return machine.onInserted(insert, Collections.nCopies(orders, outcome), now);
    }

    private void pauses(DrainState because, long ms) {
        assertEquals(new Pause(ms), next());
        assertEquals(because, machine.state());
        begun();
    }

    @Test
    void aDrainThatHasNotBegunPausesAndEndsAtOnceWhenItStops() {
        assertTrue(machine.isPaused());
        machine.stop();
        assertEquals(Act.END, next());
        assertEquals(DrainState.STOPPED, machine.state());
    }

    @Test
    void redisAwayComesBeforeEverything() {
        begun();
        read(1);
        redisUp = false;
        postgresUp = false;
        owed = Owed.DEAD_LETTERS;
        pauses(DrainState.REDIS_AWAY, DrainMachine.IDLE_MS);
    }

    @Test
    void whatIsOwedIsSettledThoughPostgresIsAway() {
        begun();
        postgresUp = false;
        owed = Owed.ENTRIES;
        assertEquals(Act.SETTLE, next());
        machine.onSettled(SettlementQueue.End.SETTLED);
        owed = Owed.NOTHING;
        pauses(DrainState.POSTGRES_AWAY, DrainMachine.IDLE_MS);
    }

    @Test
    void aSettlementThatFailsBacksOffAndOneWithoutRoomWaitsForIt() {
        begun();
        for (long ms : new long[] {50, 100, 200, 250, 250}) {
            machine.onSettled(SettlementQueue.End.FAILED);
            pauses(DrainState.REDIS_AWAY, ms);
        }
        machine.onSettled(SettlementQueue.End.DEAD_LETTERS_FULL);
        pauses(DrainState.DEAD_LETTERS_FULL, DrainMachine.FULL_RETRY_MS);
    }

    @Test
    void anInsertIsSettledBeforeItsOutageIsWaitedFor() {
        begun();
        read(2);
        for (long ms : new long[] {50, 100}) {
            BatchResult result = ended(insert(), ROLLED_BACK);
            assertTrue(result.hasOutage());
            assertEquals(List.of(), result.owed().done());
            owed = Owed.ENTRIES;
            assertEquals(Act.SETTLE, next());
            owed = Owed.NOTHING;
            pauses(DrainState.POSTGRES_AWAY, ms);
        }
        ended(insert(), ROLLED_BACK);
        assertEquals(1, insert().batch().leaders().size(), "the third failure halves, without a pause");
    }

    @Test
    void besideLiveOrdersItPausesAfterABatch() {
        begun();
        machine.observe(BUSY, 0, now);
        read(1);
        Insert insert = insert();
        now += TimeUnit.MILLISECONDS.toNanos(10);
        ended(insert, COMMITTED);
        pauses(DrainState.DRAINING, 30);
        assertInstanceOf(Read.class, next());
    }

    @Test
    void aPauseForAnotherReasonTakesThePlaceOfTheOneAfterABatch() {
        begun();
        machine.observe(BUSY, 0, now);
        read(1);
        ended(insert(), COMMITTED);
        redisUp = false;
        pauses(DrainState.REDIS_AWAY, DrainMachine.IDLE_MS);
        redisUp = true;
        now += TimeUnit.MINUTES.toNanos(1);
        assertInstanceOf(Read.class, next());
    }

    @Test
    void aReadThatBringsNothingIsRepeatedAfterAPauseAndAtOnceIfItWasAhead() {
        begun();
        read(1);
        assertTrue(insert().readsAhead());
        retries.clear();
        assertEquals(new Read(BATCH_MAX), next());
        machine.onRead(List.of(), now);
        assertEquals(new Read(BATCH_MAX), next());
        machine.onRead(List.of(), now);
        pauses(DrainState.IDLE, DrainMachine.IDLE_MS);
        machine.onReadFailed();
        pauses(DrainState.REDIS_AWAY, DrainMachine.RETRY_MS);
    }

    @Test
    void entriesThatHoldNothingAreSettledWithoutAPause() {
        begun();
        Delivery spent = new Delivery(0, "1-0", null, null, 1);
        assertEquals(List.of(Settlement.done(spent)), machine.onRead(List.of(spent), now));
        assertFalse(machine.isPaused());
    }

    @Test
    void whileAllGoesWellItReadsAheadInsertsInHalvesAndSettlesBeside() {
        begun();
        read(DrainMachine.HALVED_MIN);
        Insert whole = insert();
        assertTrue(whole.readsAhead() && !whole.halved());
        ended(whole, COMMITTED);
        read(DrainMachine.HALVED_MIN + 1);
        Insert halved = insert();
        assertTrue(halved.readsAhead() && halved.halved());
        ended(halved, COMMITTED);
        owed = Owed.ENTRIES;
        assertEquals(Act.SETTLE_BESIDE, next());
        owed = Owed.AFTER_RUNNING;
        assertEquals(Act.AWAIT_SETTLEMENT, next());
        owed = Owed.DEAD_LETTERS;
        assertEquals(Act.SETTLE, next(), "they may meet their bound");
        owed = Owed.ENTRIES;
        machine.onRead(List.of(), now);
        assertEquals(Act.SETTLE, next(), "nothing is read ahead");
        read(1);
        owed = Owed.NOTHING;
        ended(insert(), COMMITTED);
        owed = Owed.ENTRIES;
        assertEquals(Act.SETTLE_BESIDE, next());
        machine.observe(BUSY, 0, now);
        assertEquals(Act.SETTLE, next(), "live orders wait");
    }

    @Test
    void afterAFailureOneStepFollowsTheOther() {
        begun();
        read(DrainMachine.HALVED_MIN + 1);
        ended(insert(), ROLLED_BACK);
        pauses(DrainState.POSTGRES_AWAY, DrainMachine.RETRY_MS);
        Insert again = insert();
        assertFalse(again.readsAhead() || again.halved());
    }

    @Test
    void atTheBoundOfEntriesThatFailAloneOthersAreReadFewAtATime() {
        begun();
        for (int i = 0; i < DrainMachine.ALONE_MIN; i++) {
            read(1);
            ended(insert(), ROLLED_BACK);
            assertInstanceOf(Pause.class, next());
            begun();
        }
        pauses(DrainState.HELD_FULL, DrainMachine.IDLE_MS);
        now += RetryQueue.SMALL_READ_NANOS;
        ended(insert(), ROLLED_BACK);
        pauses(DrainState.POSTGRES_AWAY, DrainMachine.RETRY_MAX_MS);
        assertEquals(new Read(RetryQueue.SMALL_READ_ORDERS + DrainMachine.ALONE_MIN), next());
    }

    @Test
    void itStopsAfterTheSettlementOfWhatIsCommitted() {
        begun();
        read(1);
        Insert insert = insert();
        machine.stop();
        ended(insert, COMMITTED);
        owed = Owed.ENTRIES;
        assertEquals(Act.SETTLE, next());
        machine.onSettled(SettlementQueue.End.FAILED);
        assertEquals(Act.END, next(), "what is not settled is delivered again");
    }

    @Test
    void aStepThatThrowsDropsWhatWasRead() {
        begun();
        read(3);
        assertEquals(new Pause(DrainMachine.RETRY_MAX_MS), machine.onBroken());
        assertEquals(0, retries.size());
        machine.stop();
        assertEquals(Act.END, machine.onBroken());
    }
}
