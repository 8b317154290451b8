package dev.sluice.load.run;

import dev.sluice.load.LoadResult.Client;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What the client itself did in each part of a run, and whether the figures are therefore the server's: the processor
 * time that it took, and its lag, which is the time between when its loop meant to look at the schedule and when it did.
 * A slow server does not show here; a client without processor time, or one that collects garbage, does.
 *
 * <p>The loop looks at least every {@link #LOOK_NANOS}, so a lag of that kind is what requests due meanwhile suffered.
 * Both parts are noted the same way, so that the measured part does not begin with code that never ran. On the event
 * loop.
 */
final class ClientWatch {

    /** The loop of an open run means to look at least this often, nanoseconds. */
    static final long LOOK_NANOS = 1_000_000;

    /** What a run may be behind without harm to a percentile in milliseconds. */
    private static final long TOLERATED_NANOS = 5_000_000;

    /** The share of the time a valid run may be further behind. */
    private static final double BEHIND_SHARE_MAX = 0.01;

    /** The share of the time a valid run's loop may use a processor. */
    private static final double LOOP_BUSY_MAX = 0.95;

    /** What is noted of one part; processor times as they stood when they were read last. */
    private static final class Part {
        final Histogram lagMicros = new Histogram(3);
        long behindNanos;
        long cpuNanos;
        long loopNanos;
        long compilerMs;
        long wallNanos;
    }

    private final Part[] parts = {new Part(), new Part()};

    /** Notes one look at the schedule. */
    void looked(int part, long plannedNanos, long nowNanos) {
        long lag = Math.max(0, nowNanos - plannedNanos);
        parts[part].lagMicros.recordValue(lag / 1_000);
        if (lag > TOLERATED_NANOS) {
            parts[part].behindNanos += lag;
        }
    }

    /** Reads the processor times; what was read last in warm-up is where the measured part begins. */
    void read(int part, long nowNanos) {
        parts[part].cpuNanos = processCpuNanos();
        parts[part].loopNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        parts[part].compilerMs = compilerMs();
        parts[part].wallNanos = nowNanos;
    }

    private static long compilerMs() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        boolean monitored = compiler != null && compiler.isCompilationTimeMonitoringSupported();
        return monitored ? compiler.getTotalCompilationTime() : 0;
    }

    private static long processCpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    /** The account of the measured part, in which so many orders were sent. */
    Client client(long orders, long measuredNanos) {
        Part begin = parts[RunClock.WARM_UP];
        Part end = parts[RunClock.MEASURED];
        long wallNanos = end.wallNanos - begin.wallNanos;
        return new Client(
                orders == 0 ? 0 : (end.cpuNanos - begin.cpuNanos) / 1e3 / orders,
                wallNanos <= 0 ? 0 : (end.loopNanos - begin.loopNanos) / (double) wallNanos,
                wallNanos <= 0 ? 0 : (end.compilerMs - begin.compilerMs) * 1e6 / wallNanos,
                end.lagMicros.getValueAtPercentile(99) / 1e3,
                end.lagMicros.getMaxValue() / 1e3,
                measuredNanos <= 0 ? 0 : Math.min(1, (double) end.behindNanos / measuredNanos));
    }

    /** Why the figures are the client's and not the server's; null where they are the server's. */
    static @Nullable String invalid(Client client, boolean isOpen) {
        if (isOpen && client.behindShare() > BEHIND_SHARE_MAX) {
            return String.format(
                    Locale.ROOT,
                    "the client itself ran more than 5 ms behind its schedule %.1f %% of the time (1 %% is allowed);"
                            + " give it more processor time or a lower rate",
                    100 * client.behindShare());
        }
        if (client.loopBusy() > LOOP_BUSY_MAX) {
            return String.format(
                    Locale.ROOT,
                    "the client's event loop was busy %.0f %% of the time: it, and not the server, was the limit",
                    100 * client.loopBusy());
        }
        return null;
    }
}
