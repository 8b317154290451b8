package dev.sluice.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainPaceTest {

    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private long now = Long.MAX_VALUE - 10 * MS; // it wraps on the way
    private final DrainPace pace = new DrainPace(now);

    private void live(int orders, long ms) {
        for (long i = 0; i < ms; i += 10) {
            now += 10 * MS;
            pace.observe(orders, now);
        }
    }

    @Test
    void withoutLiveOrdersThereIsNoPause() {
        live(0, 1_000);
        assertEquals(0, pace.pauseMs(512, 5 * MS));
        assertEquals(512, pace.batch(512));
    }

    @Test
    void besideBusyLiveOrdersItWorksAQuarterOfTheTimeInSmallBatches() {
        live(DrainPace.BUSY_ORDERS, 10);
        assertEquals(15, pace.pauseMs(512, 5 * MS));
        assertEquals(128, pace.batch(512));
        assertEquals(32, pace.batch(40));
        assertEquals(20, pace.batch(20));
    }

    @Test
    void whatIsBelowAMillisecondIsOwed() {
        live(1_000, 10);
        assertEquals(0, pace.pauseMs(1, MS / 5));
        assertEquals(1, pace.pauseMs(1, MS / 5));
    }

    @Test
    void aFewLiveOrdersSlowItALittle() {
        live(DrainPace.BUSY_ORDERS / 4, 10);
        assertEquals(3, pace.pauseMs(512, 5 * MS));
        assertEquals(512, pace.batch(512));
    }

    @Test
    void aBurstIsRememberedAndForgotten() {
        live(100, 10);
        live(0, 100);
        assertTrue(pace.load() > 0.5, "load " + pace.load());
        live(0, 1_000);
        assertEquals(0, pace.pauseMs(512, 5 * MS));
    }

    /** A quarter of the rate, not only of the time, as long as half of the time is enough for it. */
    @Test
    void contentionIsMadeUpFor() {
        live(0, 1_000);
        pace.pauseMs(500, 5 * MS);
        live(100, 10);
        assertEquals(10.0, (double) pace.pauseMs(500, 10 * MS), 1.0);
        assertEquals(20.0, (double) pace.pauseMs(500, 20 * MS), 1.0);
    }

    @Test
    void theRateAloneIsKnownStillAfterAThousandBatches() {
        live(0, 1_000);
        pace.pauseMs(500, 5 * MS);
        long paused = 0;
        for (int i = 0; i < 1_000; i++) {
            live(100, 10);
            paused = pace.pauseMs(500, 10 * MS);
        }
        assertTrue(paused < 20, "as if nothing were to be made up for: " + paused + " ms");
    }

    @Test
    void whateverHappensItGetsAQuarterOfTheTime() {
        Random random = new Random(7);
        long worked = 0;
        long paused = 0;
        for (int i = 0; i < 10_000; i++) {
            live(random.nextInt(50), 10);
            long took = random.nextInt(100) * MS / 10;
            worked += took;
            paused += pace.pauseMs(random.nextInt(600), took) * MS;
            assertTrue(paused <= 3 * worked, "batch " + i);
        }
    }
}
