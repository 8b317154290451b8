package dev.sluice.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HistogramTest {

    @Test
    void aBoundBelongsToItsBucket() {
        Histogram histogram = new Histogram(true, 10, 20);
        for (long value : new long[] {9, 10, 11, 19, 20, 21, 1_000}) {
            histogram.record(value);
        }
        assertArrayEquals(new long[] {2, 3, 2}, histogram.counts());
        assertEquals(7, histogram.count());
        assertEquals(1_090, histogram.sum());
    }

    @Test
    void nothingIsLostBetweenThreads() throws InterruptedException {
        Histogram histogram = new Histogram(true, 10);
        CountDownLatch start = new CountDownLatch(1);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> recordMany(histogram, start));
            threads[i].start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(40_000, histogram.count());
        assertEquals(40_000 * 3, histogram.sum());
    }

    private static void recordMany(Histogram histogram, CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < 10_000; i++) {
            histogram.record(3);
        }
    }
}
