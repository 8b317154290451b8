package dev.sluice.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void whatIsLeftSurvivesTheWrapOfTheClock() {
        long now = Long.MAX_VALUE - 1_000_000;
        Deadline deadline = Deadline.after(now, 5);
        assertEquals(5, deadline.remainingMs(now));
        assertEquals(3, deadline.remainingMs(now + 2_000_000));
        assertEquals(0, deadline.remainingMs(now + 5_000_000));
        assertEquals(-1, deadline.remainingMs(now + 6_000_000));
    }
}
