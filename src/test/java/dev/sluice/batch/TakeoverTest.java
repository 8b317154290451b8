package dev.sluice.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.batch.Takeover.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets the next orders. Instants lie around the wrap of the clock: only differences count. */
class TakeoverTest {

    private static final int HIGH_MARK = 10;
    private static final long GRACE = 100;
    private static final long PAUSE = Takeover.PROBE_PAUSE_NANOS;
    private static final long PAUSE_MAX = Takeover.PROBE_PAUSE_NANOS_MAX;
    private static final long T = beforeTheWrap();

    private final Takeover takeover = new Takeover(HIGH_MARK, 3 * GRACE);

    private static long beforeTheWrap() {
        return Long.MAX_VALUE - 70;
    }

    private void assertState(State state) {
        assertEquals(state, takeover.state());
    }

    private void seen(boolean storeUp, long now) {
        takeover.observe(storeUp, 0, 0, now);
    }

    @Test
    void belowTheHighMarkPostgresGetsAll() {
        assertFalse(takeover.overflows(0));
        assertFalse(takeover.overflows(HIGH_MARK - 1));
        assertState(State.NORMAL);
    }

    @Test
    void atTheHighMarkTheOverflowGetsTheNextOnesAndGivesBackAtHalf() {
        assertTrue(takeover.overflows(HIGH_MARK));
        assertState(State.SPILLING);
        assertFalse(takeover.isAway(), "PostgreSQL gets what is buffered");
        takeover.answered(T);
        takeover.observe(true, HIGH_MARK / 2 + 1, 1, T);
        assertTrue(takeover.overflows(HIGH_MARK / 2 + 1), "above half");
        takeover.observe(true, HIGH_MARK / 2, 1, T);
        assertState(State.NORMAL);
        assertFalse(takeover.overflows(HIGH_MARK / 2));
    }

    @Test
    void aBufferThatOnlyEmptiesIntoTheOverflowIsNotGivenBack() {
        takeover.overflows(HIGH_MARK);
        takeover.observe(true, 0, 1, T);
        assertState(State.SPILLING);
        takeover.answered(T);
        takeover.observe(true, 0, 1, T);
        assertState(State.NORMAL);
    }

    @Test
    void withNothingInFlightThereIsNothingToWaitFor() {
        takeover.overflows(HIGH_MARK);
        takeover.observe(true, 0, 0, T);
        assertState(State.NORMAL);
    }

    @Test
    void anOrderThatWaitedTooLongSpillsUntilHalfOfWhatWaitedIsLeft() {
        takeover.waitedTooLong(6);
        assertState(State.SPILLING);
        takeover.answered(T);
        takeover.observe(true, 4, 1, T);
        assertState(State.SPILLING);
        takeover.observe(true, 3, 1, T);
        assertState(State.NORMAL);
    }

    @Test
    void aStoreThatIsAwayWithinTheGraceIsWaitedFor() {
        seen(false, T);
        seen(false, T + GRACE - 1);
        assertState(State.NORMAL);
        seen(false, T + GRACE);
        assertState(State.OVERFLOWING);
    }

    @Test
    void aReturnWithinTheGraceBeginsItAnew() {
        seen(false, T);
        seen(true, T + GRACE - 1);
        seen(false, T + GRACE);
        seen(false, T + 2 * GRACE - 1);
        assertState(State.NORMAL);
        seen(false, T + 2 * GRACE);
        assertState(State.OVERFLOWING);
    }

    /** As at the start of a node, whose connections take longer than the grace. */
    @Test
    void anAbsenceThatNoOrderMetEndsWithTheConnection() {
        seen(false, T);
        seen(false, T + GRACE);
        assertState(State.OVERFLOWING);
        seen(true, T + 2 * GRACE);
        assertState(State.NORMAL);
        assertFalse(takeover.overflows(0));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1"})
    void anAbsenceThatOrdersMetEndsWithAProbe(int buffered, int inFlight) {
        takeover.observe(false, buffered, inFlight, T);
        takeover.observe(false, buffered, inFlight, T + GRACE);
        seen(true, T + 2 * GRACE);
        assertState(State.OVERFLOWING);
        assertTrue(takeover.beginProbe(0, T + 2 * GRACE));
    }

    @Test
    void soDoesOneThatTheOverflowGotAnOrderIn() {
        seen(false, T);
        seen(false, T + GRACE);
        assertTrue(takeover.overflows(0));
        seen(true, T + 2 * GRACE);
        assertState(State.OVERFLOWING);
        takeover.beginProbe(0, T + 2 * GRACE);
        takeover.answered(T + 2 * GRACE);
        seen(false, T + 3 * GRACE);
        seen(false, T + 4 * GRACE);
        seen(true, T + 5 * GRACE);
        assertState(State.NORMAL);
    }

    @Test
    void aFailedBatchTakesOverAtOnce() {
        takeover.failed(T);
        assertState(State.OVERFLOWING);
        assertTrue(takeover.overflows(0));
        assertTrue(takeover.isAway());
    }

    @Test
    void aSpillingWriterWhoseBatchFailsOverflows() {
        takeover.overflows(HIGH_MARK);
        takeover.failed(T);
        assertState(State.OVERFLOWING);
        takeover.observe(true, 0, 0, T);
        assertState(State.OVERFLOWING);
    }

    @Test
    void aProbeBeginsAfterThePauseAndAlone() {
        takeover.failed(T);
        assertFalse(takeover.beginProbe(0, T + PAUSE - 1));
        assertFalse(takeover.beginProbe(1, T + PAUSE), "a batch is still out");
        assertTrue(takeover.beginProbe(0, T + PAUSE));
        assertState(State.PROBING);
        assertFalse(takeover.beginProbe(0, T + 10 * PAUSE), "one at a time");
        assertTrue(takeover.overflows(0), "the others go on to the overflow");
    }

    @Test
    void aProbeThatCommitsBringsPostgresBack() {
        takeover.failed(T);
        takeover.beginProbe(0, T + PAUSE);
        takeover.answered(T + PAUSE);
        assertState(State.NORMAL);
        assertFalse(takeover.overflows(0));
    }

    @Test
    void aBatchSentBeforeTheTroubleProvesNothing() {
        takeover.failed(T);
        takeover.answered(T - 1);
        assertState(State.OVERFLOWING);
        takeover.answered(T);
        assertState(State.NORMAL);
    }

    @Test
    void thePauseDoublesWhileProbesFailUpToItsBound() {
        takeover.failed(T);
        long failed = T;
        for (long pause : new long[] {PAUSE, 2 * PAUSE, 4 * PAUSE, 8 * PAUSE, PAUSE_MAX, PAUSE_MAX}) {
            assertFalse(takeover.beginProbe(0, failed + pause - 1), "pause " + pause);
            assertTrue(takeover.beginProbe(0, failed + pause), "pause " + pause);
            failed += pause + 5;
            takeover.failed(failed);
        }
        takeover.beginProbe(0, failed + PAUSE_MAX);
        takeover.answered(failed + PAUSE_MAX);
        takeover.failed(failed + PAUSE_MAX);
        assertTrue(takeover.beginProbe(0, failed + PAUSE_MAX + PAUSE), "a success begins anew");
    }

    @Test
    void severalBatchesThatFailTogetherAreOneFailure() {
        takeover.failed(T);
        takeover.failed(T + 1);
        assertTrue(takeover.beginProbe(0, T + 1 + PAUSE));
    }

    @Test
    void noProbeWithoutAConnectionAndOneAtOnceWhenItIsBack() {
        seen(false, T);
        takeover.failed(T + 1);
        assertFalse(takeover.beginProbe(0, T + 10 * PAUSE));
        seen(true, T + 10 * PAUSE);
        assertState(State.OVERFLOWING);
        assertTrue(takeover.beginProbe(0, T + 10 * PAUSE));
    }

    @Test
    void aProbeThatNeverReachedPostgresIsFollowedAtOnce() {
        takeover.failed(T);
        takeover.beginProbe(0, T + PAUSE);
        takeover.probeSaysNothing();
        assertState(State.OVERFLOWING);
        assertTrue(takeover.beginProbe(0, T + PAUSE));
    }

    @Test
    void aStoreThatIsLostDuringTheProbeIsJudgedByTheProbe() {
        takeover.failed(T);
        takeover.beginProbe(0, T + PAUSE);
        seen(false, T + PAUSE + 1);
        seen(false, T + PAUSE + 1 + GRACE);
        assertState(State.PROBING);
        takeover.failed(T + PAUSE + 2 + GRACE);
        assertState(State.OVERFLOWING);
    }

    @Test
    void theAbsenceOfPostgresIsMeasuredFromItsBeginning() {
        assertEquals(0, takeover.awayNanos(T));
        seen(false, T);
        seen(false, T + 60);
        assertEquals(100, takeover.awayNanos(T + 100));
        seen(true, T + 110);
        assertEquals(0, takeover.awayNanos(T + 120));
        seen(false, T + 130);
        assertEquals(7, takeover.awayNanos(T + 137));
    }
}
