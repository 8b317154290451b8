package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StreakTest {

    private static final int BATCHES = 4;

    private final Streak streak = new Streak(BATCHES);

    private void assertLastsForItsBatches() {
        for (int batch = 0; batch < BATCHES; batch++) {
            assertTrue(streak.isLikely(), "batch " + batch);
        }
        assertFalse(streak.isLikely());
    }

    @Test
    void noneIsExpectedUntilOneWasSeen() {
        assertFalse(streak.isLikely());
        streak.seen();
        assertLastsForItsBatches();
    }

    @Test
    void everyOneBeginsTheCountAnew() {
        streak.seen();
        assertTrue(streak.isLikely());
        streak.seen();
        assertLastsForItsBatches();
    }
}
