package dev.sluice.metrics;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How busy each event loop thread is: its CPU time over wall time, 0 to 1, since the last sample. A sample is taken
 * when asked for, at most one a second: a second scraper reads the ratios of the first instead of a window of
 * nothing. Threads are found by the name that Vert.x gives them, so no verticle has to report its own.
 */
final class EventLoopBusy {

    static final long WINDOW_NANOS_MIN = TimeUnit.SECONDS.toNanos(1);

    private static final String NAME_PREFIX = "vert.x-eventloop-thread-";

    /** One event loop thread at the moment of a sample. */
    record LoopTime(String name, long cpuNanos) {}

    private final LongSupplier clockNanos;
    private final Supplier<Map<Long, LoopTime>> loopsById;

    private Map<Long, LoopTime> last;
    private long lastNanos;
    private Map<String, Double> ratios = Map.of();

    EventLoopBusy(LongSupplier clockNanos, Supplier<Map<Long, LoopTime>> loopsById) {
        this.clockNanos = clockNanos;
        this.loopsById = loopsById;
        last = loopsById.get();
        lastNanos = clockNanos.getAsLong();
    }

    static EventLoopBusy ofThisProcess(LongSupplier clockNanos) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return new EventLoopBusy(clockNanos, () -> eventLoops(threads));
    }

    private static Map<Long, LoopTime> eventLoops(ThreadMXBean threads) {
        Map<Long, LoopTime> loops = new HashMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith(NAME_PREFIX)) {
                long id = thread.getThreadId();
                loops.put(id, new LoopTime(thread.getThreadName(), threads.getThreadCpuTime(id)));
            }
        }
        return loops;
    }

    /** By thread name; two threads of one name (two Vert.x in a process) show the busier. Any thread. */
    synchronized Map<String, Double> ratios() {
        long nowNanos = clockNanos.getAsLong();
        if (nowNanos - lastNanos >= WINDOW_NANOS_MIN) {
            Map<Long, LoopTime> now = loopsById.get();
            ratios = ratios(now, nowNanos - lastNanos);
            last = now;
            lastNanos = nowNanos;
        }
        return ratios;
    }

    private Map<String, Double> ratios(Map<Long, LoopTime> now, long wallNanos) {
        Map<String, Double> busy = new TreeMap<>();
        now.forEach((id, loop) -> {
            LoopTime before = last.get(id);
            long cpuNanos = loop.cpuNanos() - (before == null ? 0 : before.cpuNanos());
            double ratio = Math.min(1, Math.max(0, cpuNanos / (double) wallNanos));
            busy.merge(loop.name(), ratio, Math::max);
        });
        return busy;
    }
}
