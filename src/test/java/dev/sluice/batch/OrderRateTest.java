package dev.sluice.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OrderRateTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final OrderRate rate = new OrderRate();
    private long now = Long.MAX_VALUE - SECOND; // it wraps on the way
    private long left = 5_000;

    private void second(long leaving) {
        now += SECOND;
        left += leaving;
        rate.observe(left, now);
    }

    @Test
    void whatLeftBeforeItLookedIsNoRate() {
        rate.observe(left, now);
        assertEquals(0, rate.perSecond());
    }

    @Test
    void itFollowsWithinSeconds() {
        rate.observe(left, now);
        second(1_000);
        assertEquals(1_000, rate.perSecond());
        for (int i = 0; i < 10; i++) {
            second(200);
        }
        assertEquals(200, rate.perSecond(), 30);
        for (int i = 0; i < 20; i++) {
            second(0);
        }
        assertTrue(rate.perSecond() < 1, "nothing leaves any more: " + rate.perSecond());
    }

    @Test
    void looksOneAfterTheOtherAreOne() {
        rate.observe(left, now);
        rate.observe(left + 100, now + SECOND / 100);
        assertEquals(0, rate.perSecond());
        second(500);
        assertEquals(500, rate.perSecond());
    }

    @Test
    void anotherQueueBeginsAnew() {
        rate.observe(left, now);
        second(1_000);
        rate.observe(3, now + SECOND);
        assertEquals(0, rate.perSecond());
    }
}
