package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.admin.LoopPulse.Pulse;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopPulseTest {

    private final AtomicLong nowNanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final LoopPulse pulse = new LoopPulse(nowNanos::get);
    private final Queue<Runnable> loop = new ArrayDeque<>();

    @Test
    void aLoopThatAnswersWaitsForNothing() {
        pulse.watch("intake", loop::add);
        pulse.ping();
        loop.remove().run();
        pass(60_000);
        assertEquals(List.of(new Pulse("intake", 0)), pulse.pulses());
    }

    @Test
    void aLoopIsBlockedBeyondTheBound() {
        pulse.watch("intake", loop::add);
        pulse.ping();
        pass(LoopPulse.BLOCKED_MS - 1);
        assertFalse(isBlocked());
        pass(1);
        assertFalse(isBlocked());
        pass(1);
        assertTrue(isBlocked());
    }

    @Test
    void aBlockedLoopIsSentNothingMoreAndRecovers() {
        pulse.watch("intake", loop::add);
        pulse.ping();
        pass(10_000);
        pulse.ping();
        assertEquals(1, loop.size());
        assertTrue(isBlocked());
        loop.remove().run();
        assertFalse(isBlocked());
        pulse.ping();
        assertEquals(1, loop.size());
    }

    @Test
    void aLoopThatTakesNoTasksIsBlocked() {
        pulse.watch("closed", task -> {
            throw new RejectedExecutionException();
        });
        pulse.ping();
        pass(10_000);
        assertTrue(isBlocked());
    }

    @Test
    void anUnwatchedLoopIsForgotten() {
        Runnable unwatch = pulse.watch("intake", loop::add);
        pulse.ping();
        unwatch.run();
        unwatch.run();
        assertEquals(List.of(), pulse.pulses());
    }

    private boolean isBlocked() {
        return pulse.pulses().stream().anyMatch(Pulse::isBlocked);
    }

    private void pass(long ms) {
        nowNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
    }
}
