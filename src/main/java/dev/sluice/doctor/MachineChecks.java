package dev.sluice.doctor;

import dev.sluice.doctor.Check.Verdict;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conditions of the machine and of this JVM that decide how fast a node is. Linux tells of them under {@code /proc} and
 * {@code /sys}; what it does not tell is said, and is no fault.
 */
public final class MachineChecks {

    private static final String UNKNOWN = "not known here";
    private static final int BACKLOG_MIN = 1_024;
    private static final int SPARE_FILES = 256;
    private static final long HEAP_MIN_BYTES = 192L << 20;
    private static final int PROCESSORS_MIN = 2;
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final long PERCENT = 100;
    private static final long DIRTY_BYTES_MAX = 1L << 30;
    private static final long DIRTY_BYTES_MENDED = 256 * MIB;
    private static final Pattern MEMORY = Pattern.compile("(?m)^MemTotal:\\s+(\\d+) kB");
    private static final Set<String> QUICK_CLOCKS =
            Set.of("tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter", "xen");
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\d+|unlimited)");

    private final Path root;

    /**
     * Reads a machine.
     *
     * @param root where {@code proc} and {@code sys} are
     */
    public MachineChecks(Path root) {
        this.root = root;
    }

    /**
     * All of them.
     *
     * @param connectionsMax that a node shall hold, {@code http.connectionsMax}
     */
    public List<Check> all(int connectionsMax) {
        return List.of(openFiles(connectionsMax), backlog(), processors(), clock(), writeback(), heap(), collector());
    }

    private String read(String file) {
        try {
            return Files.readString(root.resolve(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private Check openFiles(int connectionsMax) {
        Matcher limit = OPEN_FILES.matcher(read("proc/self/limits"));
        String current = limit.find() ? limit.group(1) : UNKNOWN;
        long needed = (long) connectionsMax + SPARE_FILES;
        return Check.of(
                "open files",
                "≥ " + needed + " (http.connectionsMax and " + SPARE_FILES + ")",
                current,
                !isNumber(current) || Long.parseLong(current) >= needed,
                Verdict.WARN,
                "ulimit -n " + needed + ", LimitNOFILE=" + needed
                        + " in a systemd unit, or a lower http.connectionsMax");
    }

    private Check backlog() {
        String current = read("proc/sys/net/core/somaxconn");
        return Check.of(
                "listen backlog",
                "≥ " + BACKLOG_MIN,
                current.isEmpty() ? UNKNOWN : current,
                !isNumber(current) || Long.parseLong(current) >= BACKLOG_MIN,
                Verdict.WARN,
                "sysctl -w net.core.somaxconn=4096");
    }

    /** The JVM counts what the cgroup lets it have, rounded up; its loops then share what there really is. */
    private Check processors() {
        int counted = Runtime.getRuntime().availableProcessors();
        double quota = quota();
        double usable = Math.min(counted, quota);
        String current = counted + " for the JVM, "
                + (quota == Double.MAX_VALUE
                        ? "no quota of the cgroup"
                        : String.format(Locale.ROOT, "the cgroup grants the time of %.2f", quota));
        return Check.of(
                "processors",
                "≥ " + PROCESSORS_MIN,
                current,
                usable >= PROCESSORS_MIN,
                Verdict.WARN,
                "docker run --cpus, resources.limits.cpu or CPUQuota: " + PROCESSORS_MIN + " or more, or no quota");
    }

    /** In processors; version 2 of the cgroups tells it in one file, version 1 in two. */
    private double quota() {
        String[] max = read("sys/fs/cgroup/cpu.max").split(" ", -1);
        if (max.length == 2) {
            return quota(max[0], max[1]);
        }
        return quota(read("sys/fs/cgroup/cpu/cpu.cfs_quota_us"), read("sys/fs/cgroup/cpu/cpu.cfs_period_us"));
    }

    private static double quota(String micros, String period) {
        return isNumber(micros) && isNumber(period) && !period.equals("0")
                ? Double.parseDouble(micros) / Double.parseDouble(period)
                : Double.MAX_VALUE;
    }

    /** What the kernel may keep unwritten delays the sync of a store on this machine. */
    private Check writeback() {
        String bytes = read("proc/sys/vm/dirty_background_bytes");
        String percent = read("proc/sys/vm/dirty_background_ratio");
        Matcher memory = MEMORY.matcher(read("proc/meminfo"));
        long allowed = -1;
        if (isNumber(bytes) && !bytes.equals("0")) {
            allowed = Long.parseLong(bytes);
        } else if (isNumber(percent) && memory.find()) {
            allowed = Long.parseLong(memory.group(1)) * KIB / PERCENT * Long.parseLong(percent);
        }
        return Check.of(
                "writeback",
                "begins at " + DIRTY_BYTES_MAX / MIB + " MiB of unwritten pages or below",
                allowed < 0 ? UNKNOWN : "begins at " + allowed / MIB + " MiB",
                allowed <= DIRTY_BYTES_MAX,
                Verdict.WARN,
                "where a store is on this machine: sysctl -w vm.dirty_background_bytes=" + DIRTY_BYTES_MENDED);
    }

    private Check clock() {
        String current = read("sys/devices/system/clocksource/clocksource0/current_clocksource");
        return Check.of(
                "clock source",
                "one that is read without a system call: tsc, kvm-clock",
                current.isEmpty() ? UNKNOWN : current,
                current.isEmpty() || QUICK_CLOCKS.contains(current),
                Verdict.WARN,
                "see /sys/devices/system/clocksource/clocksource0/available_clocksource; tsc=reliable on the kernel's line");
    }

    private static Check heap() {
        long bytes = Runtime.getRuntime().maxMemory();
        return Check.of(
                "heap",
                "≥ " + HEAP_MIN_BYTES / MIB + " MiB",
                bytes / MIB + " MiB",
                bytes >= HEAP_MIN_BYTES,
                Verdict.WARN,
                "start it by scripts/sluice, or SLUICE_JAVA_OPTS=-Xmx256m");
    }

    private static Check collector() {
        String current = ManagementFactory.getGarbageCollectorMXBeans().get(0).getName();
        return Check.of(
                "collector",
                "parallel, the one the figures were measured with",
                current,
                current.startsWith("PS "),
                Verdict.WARN,
                "start it by scripts/sluice, or SLUICE_JAVA_OPTS=-XX:+UseParallelGC");
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,18}");
    }
}
