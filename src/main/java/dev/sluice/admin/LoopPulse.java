package dev.sluice.admin;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether event loops still take work: each is sent a task at every {@link #ping()} and is blocked when one waits
 * for longer than {@link #BLOCKED_MS}. Any thread may call; at most one task waits in a loop. A loop that was shut
 * down counts as blocked until it is unwatched.
 */
public final class LoopPulse {

    /** Longer than any garbage collection pause that a node should survive, milliseconds. */
    public static final long BLOCKED_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(LoopPulse.class);

    private final LongSupplier clockNanos;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();

    /**
     * What is known about one loop.
     *
     * @param name as given to {@link #watch}
     * @param waitingMs how long it has kept the last task waiting; 0 once it was done
     */
    public record Pulse(String name, long waitingMs) {

        /** Whether it waits for too long. */
        public boolean isBlocked() {
            return waitingMs > BLOCKED_MS;
        }
    }

    /** Reads time from {@code System::nanoTime}, or a clock that a test turns. */
    public LoopPulse(LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
    }

    /**
     * Watches a loop from the next ping on.
     *
     * @param loop runs a task on the loop's thread, or throws {@link RejectedExecutionException}
     * @return ends the watch; may run more than once
     */
    public Runnable watch(String name, Executor loop) {
        Loop watched = new Loop(name, loop);
        loops.add(watched);
        return () -> loops.remove(watched);
    }

    /** Watches every event loop of a Vert.x, also those that no verticle uses yet, until the process ends. */
    public void watchLoopsOf(Vertx vertx) {
        int number = 0;
        for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
            watch("event-loop-" + number, loop);
            number++;
        }
    }

    /** Ends every watch, before the loops are shut down. */
    public void unwatchAll() {
        loops.clear();
    }

    /** Sends a task to each loop that has answered the one before. Does not wait. */
    public void ping() {
        long nowNanos = clockNanos.getAsLong();
        loops.forEach(loop -> loop.ping(nowNanos));
    }

    /** All loops, in the order in which they were watched. */
    public List<Pulse> pulses() {
        long nowNanos = clockNanos.getAsLong();
        return loops.stream().map(loop -> loop.pulse(nowNanos)).toList();
    }

    private static final class Loop {

        private final String name;
        private final Executor executor;
        private volatile boolean waiting;
        private volatile long pingedNanos;

        Loop(String name, Executor executor) {
            this.name = name;
            this.executor = executor;
        }

        synchronized void ping(long nowNanos) {
            if (waiting) {
                return;
            }
            pingedNanos = nowNanos;
            waiting = true;
            try {
                executor.execute(() -> waiting = false);
            } catch (RejectedExecutionException e) {
                LOG.warn("event loop {} takes no tasks", name, e);
            }
        }

        Pulse pulse(long nowNanos) {
            return new Pulse(name, waiting ? TimeUnit.NANOSECONDS.toMillis(nowNanos - pingedNanos) : 0);
        }
    }
}
