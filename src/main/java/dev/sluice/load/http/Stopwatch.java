package dev.sluice.load.http;

import java.lang.management.ManagementFactory;

/**
 * Processor time and wall time of the measured part, for the client's own account. On the event loop.
 */
final class Stopwatch {

    private long cpuNanos;
    private long loopNanos;
    private long wallNanos;

    void start(long nowNanos) {
        cpuNanos = processCpuNanos();
        loopNanos = loopCpuNanos();
        wallNanos = nowNanos;
    }

    /** Turns the readings into differences. */
    void stop(long nowNanos) {
        cpuNanos = processCpuNanos() - cpuNanos;
        loopNanos = loopCpuNanos() - loopNanos;
        wallNanos = nowNanos - wallNanos;
    }

    double cpuMicrosPer(long orders) {
        return orders == 0 ? 0 : cpuNanos / 1e3 / orders;
    }

    /** Share of the time the loop used a processor, 0 to 1. */
    double loopBusy() {
        return wallNanos == 0 ? 0 : (double) loopNanos / wallNanos;
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
