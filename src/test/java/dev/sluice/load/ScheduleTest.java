package dev.sluice.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MS = 1_000_000;

    /** A clock near its overflow: nanoTime may start anywhere. */
    private static final long START = nearTheEnd();

    private static long nearTheEnd() {
        return Long.MAX_VALUE - SECOND / 2;
    }

    private static Schedule.Open perSecond(double rate, long seconds) {
        return new Schedule.Open(rate, START, START, START + seconds * SECOND);
    }

    @Test
    void aRequestIsDueAtItsTimeAndNotBefore() {
        Schedule.Open schedule = perSecond(1_000, 1);
        assertTrue(schedule.isDue(START));
        assertEquals(START, schedule.take(START));
        assertFalse(schedule.isDue(START + MS - 1));
        assertEquals(START + MS, schedule.nextNanos(START));
        assertTrue(schedule.isDue(START + MS));
    }

    @Test
    void whatComesLateKeepsItsIntendedTime() {
        Schedule.Open schedule = perSecond(1_000, 1);
        long stalledUntil = START + 3 * MS;
        for (int i = 0; i < 4; i++) {
            assertTrue(schedule.isDue(stalledUntil));
            assertEquals(START + i * MS, schedule.take(stalledUntil));
        }
        assertFalse(schedule.isDue(stalledUntil));
        assertEquals(2, schedule.late(), "one that is 1 ms late is not counted, 2 and 3 ms are");
        assertEquals(0, schedule.skipped());
    }

    @Test
    void whatIsFiveSecondsBehindIsSkipped() {
        Schedule.Open schedule = perSecond(10, 60);
        long now = START + 6 * SECOND;
        assertTrue(schedule.isDue(now));
        assertEquals(10, schedule.skipped(), "those of the first second, but for the one on the limit");
        assertEquals(START + SECOND, schedule.take(now));
    }

    @Test
    void aFrozenServerEndsInSkipsNotInAnEndlessRun() {
        Schedule.Open schedule = perSecond(10, 2);
        assertFalse(schedule.isOver(START + 3 * SECOND), "sends are waiting");
        assertTrue(schedule.isOver(START + 8 * SECOND));
        assertEquals(20, schedule.skipped());
    }

    @Test
    void whatWaitsAtAnEarlyEndIsSkippedAndNothingFollows() {
        Schedule.Open schedule = perSecond(10, 60);
        long now = START + SECOND;
        assertTrue(schedule.isDue(now));
        schedule.take(now);
        schedule.endAt(now);
        assertTrue(schedule.isOver(now + SECOND));
        assertEquals(9, schedule.skipped(), "ten were due");
    }

    @Test
    void warmUpIsSentAndNotCounted() {
        Schedule.Open schedule = new Schedule.Open(10, START, START + SECOND, START + 2 * SECOND);
        long stalledUntil = START + SECOND / 2;
        assertTrue(schedule.isDue(stalledUntil));
        assertEquals(stalledUntil, schedule.take(stalledUntil), "what a stall in warm-up left behind is dropped");
        assertEquals(0, schedule.late());
        assertTrue(schedule.isDue(START + 2 * SECOND));
        assertEquals(START + SECOND, schedule.take(START + 2 * SECOND), "what warm-up left behind is dropped");
        assertEquals(0, schedule.skipped());
        assertEquals(1, schedule.late());
    }

    @Test
    void anUnevenRateDoesNotDrift() {
        Schedule.Open schedule = perSecond(7, 1_000);
        long last = START;
        for (int i = 0; i < 7_000; i++) {
            last = schedule.take(Long.MIN_VALUE);
        }
        assertEquals(START + Math.round(6_999 * 1e9 / 7), last);
        assertTrue(schedule.isOver(last));
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> perSecond(0, 1));
        assertThrows(IllegalArgumentException.class, () -> perSecond(Double.NaN, 1));
    }

    @Test
    void theClosedModelIsDueUntilItsEnd() {
        Schedule schedule = new Schedule.Closed(START + SECOND);
        assertTrue(schedule.isDue(START + SECOND - 1));
        assertEquals(START + 5, schedule.take(START + 5));
        assertFalse(schedule.isOver(START));
        assertTrue(schedule.isOver(START + SECOND));
    }
}
