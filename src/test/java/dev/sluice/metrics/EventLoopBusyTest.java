package dev.sluice.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.metrics.EventLoopBusy.LoopTime;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventLoopBusyTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong now = new AtomicLong();
    private final Map<Long, LoopTime> loops = new HashMap<>();

    @Test
    void theRatioIsCpuTimeOverWallTimeSinceTheLastSample() {
        loops.put(1L, new LoopTime("loop-0", 5 * SECOND));
        EventLoopBusy busy = busy();

        now.set(4 * SECOND);
        loops.put(1L, new LoopTime("loop-0", 6 * SECOND));
        assertEquals(Map.of("loop-0", 0.25), busy.ratios());

        now.set(6 * SECOND);
        assertEquals(Map.of("loop-0", 0.0), busy.ratios());
    }

    @Test
    void aSecondScraperWithinTheWindowReadsTheSameRatios() {
        loops.put(1L, new LoopTime("loop-0", 0));
        EventLoopBusy busy = busy();
        now.set(2 * SECOND);
        loops.put(1L, new LoopTime("loop-0", SECOND));
        busy.ratios();

        now.set(3 * SECOND - 1);
        assertEquals(Map.of("loop-0", 0.5), busy.ratios());
        now.set(3 * SECOND);
        assertEquals(Map.of("loop-0", 0.0), busy.ratios());
    }

    @Test
    void loopsComeAndGoAndTheBusierOfANameIsShown() {
        loops.put(1L, new LoopTime("loop-0", 0));
        EventLoopBusy busy = busy();
        now.set(2 * SECOND);
        loops.clear();
        loops.put(2L, new LoopTime("loop-1", SECOND));
        loops.put(3L, new LoopTime("loop-1", SECOND / 2));

        assertEquals(Map.of("loop-1", 0.5), busy.ratios());
    }

    @Test
    void theThreadsOfVertxAreFound() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            CountDownLatch started = new CountDownLatch(1);
            vertx.runOnContext(v -> started.countDown());
            assertTrue(started.await(10, TimeUnit.SECONDS));
            AtomicLong clock = new AtomicLong();
            EventLoopBusy busy = EventLoopBusy.ofThisProcess(clock::get);
            clock.set(SECOND);
            assertTrue(busy.ratios().keySet().stream().anyMatch(name -> name.startsWith("vert.x-eventloop-thread-")));
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private EventLoopBusy busy() {
        return new EventLoopBusy(now::get, () -> Map.copyOf(loops));
    }
}
