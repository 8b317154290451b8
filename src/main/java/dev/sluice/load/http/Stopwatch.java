package dev.sluice.load.http;

import java.lang.management.ManagementFactory;

/**
 * Processor time and wall time of the measured part, for the client's own account. Read many times in both parts of the
 * run, so that the measured part does not begin with the first time. On the event loop.
 */
final class Stopwatch {

    private record Reading(long cpuNanos, long loopNanos, long wallNanos) {

        static Reading at(long nowNanos) {
            return new Reading(processCpuNanos(), loopCpuNanos(), nowNanos);
        }
    }

    private final Reading[] last = {new Reading(0, 0, 0), new Reading(0, 0, 0)};

    /** Reads it; what was read last in warm-up is where the measured part begins. */
    void read(int part, long nowNanos) {
        last[part] = Reading.at(nowNanos);
    }

    double cpuMicrosPer(long orders) {
        return orders == 0 ? 0 : (end().cpuNanos - begin().cpuNanos) / 1e3 / orders;
    }

    /** Share of the time the loop used a processor, 0 to 1. */
    double loopBusy() {
        long wallNanos = end().wallNanos - begin().wallNanos;
        return wallNanos <= 0 ? 0 : (end().loopNanos - begin().loopNanos) / (double) wallNanos;
    }

    private Reading begin() {
        return last[RunClock.WARM_UP];
    }

    private Reading end() {
        return last[RunClock.MEASURED];
    }

    private static long processCpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    private static long loopCpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
