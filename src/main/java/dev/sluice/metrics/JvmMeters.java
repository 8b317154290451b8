package dev.sluice.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the JVM and the process use: memory, garbage collection, threads, event loops, processor, file descriptors. */
final class JvmMeters implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JvmMeters.class);
    private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final double BYTES_PER_KIB = 1024;

    /** Micrometer's names for them break Prometheus' rules; {@link #cpu} registers the same values under others. */
    private static final Set<String> RENAMED = Set.of("process.cpu.time", "system.cpu.count");

    private final JvmGcMetrics gc = new JvmGcMetrics();

    private final EventLoopBusy eventLoopBusy = EventLoopBusy.ofThisProcess(System::nanoTime);

    JvmMeters(MeterRegistry registry, Meters meters) {
        registry.config().meterFilter(MeterFilter.deny(id -> RENAMED.contains(id.getName())));
        gc.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Gauge.builder("process.resident.memory", JvmMeters::residentBytes)
                .baseUnit("bytes")
                .description("Memory of the process that is in RAM.")
                .register(registry);
        cpu(registry);
        meters.gauges(
                "sluice_event_loop_busy_ratio",
                "thread",
                "CPU time over wall time of an event loop thread since the last scrape, 0 to 1.",
                eventLoopBusy::ratios);
    }

    /** By thread name, 0 to 1. */
    Map<String, Double> eventLoopBusyRatios() {
        return eventLoopBusy.ratios();
    }

    private static void cpu(MeterRegistry registry) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, JvmMeters::cpuSeconds)
                    .baseUnit("seconds")
                    .description("CPU time that the process has used.")
                    .register(registry);
        }
        Gauge.builder("system.cpus", Runtime.getRuntime(), Runtime::availableProcessors)
                .description("Processors that the process may use.")
                .register(registry);
    }

    private static double cpuSeconds(OperatingSystemMXBean system) {
        return system.getProcessCpuTime() / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** As Linux tells it; NaN elsewhere. */
    static double residentBytes() {
        if (!Files.isReadable(PROCESS_STATUS)) {
            return Double.NaN;
        }
        try (Stream<String> lines = Files.lines(PROCESS_STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                            .mapToDouble(JvmMeters::kibOf)
                            .findFirst()
                            .orElse(Double.NaN)
                    * BYTES_PER_KIB;
        } catch (IOException e) {
            LOG.debug("cannot read {}", PROCESS_STATUS, e);
            return Double.NaN;
        }
    }

    private static double kibOf(String line) {
        String number = line.substring(RESIDENT.length(), line.lastIndexOf("kB"));
        return Double.parseDouble(number.strip());
    }

    @Override
    public void close() {
        gc.close();
    }
}
