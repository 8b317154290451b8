package dev.sluice.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.doctor.Check.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineChecksTest {

    @TempDir
    Path root;

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }

    private Check check(String name) {
        return new MachineChecks(root)
                .all(10_000).stream()
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"10255, WARN", "10256, OK", "1048576, OK", "unlimited, OK"})
    void openFilesHoldTheConnections(String limit, Verdict verdict) throws IOException {
        write(
                "proc/self/limits",
                "Limit   Soft Limit   Hard Limit   Units\nMax open files            " + limit + "  524288   files\n");
        assertEquals(verdict, check("open files").verdict());
        assertEquals(limit, check("open files").current());
        assertEquals(verdict == Verdict.OK, check("open files").mend().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"128, WARN", "1023, WARN", "1024, OK", "4096, OK"})
    void theBacklogHoldsABurst(String backlog, Verdict verdict) throws IOException {
        write("proc/sys/net/core/somaxconn", backlog + "\n");
        assertEquals(verdict, check("listen backlog").verdict());
    }

    @ParameterizedTest
    @CsvSource({"tsc, OK", "kvm-clock, OK", "hpet, WARN", "acpi_pm, WARN"})
    void theClockIsQuick(String source, Verdict verdict) throws IOException {
        write("sys/devices/system/clocksource/clocksource0/current_clocksource", source + "\n");
        assertEquals(verdict, check("clock source").verdict());
    }

    /** A quota of less than two processors is too little, however many the machine has. */
    @ParameterizedTest
    @CsvSource({"50000 100000, 0.50, WARN", "150000 100000, 1.50, WARN"})
    void aQuotaOfTheCgroupIsHeldAgainstTheProcessors(String max, String granted, Verdict verdict) throws IOException {
        write("sys/fs/cgroup/cpu.max", max + "\n");
        assertTrue(check("processors").current().endsWith("grants the time of " + granted));
        assertEquals(verdict, check("processors").verdict());
    }

    @Test
    void theFirstVersionOfTheCgroupsIsReadToo() throws IOException {
        write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
        write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
        assertEquals(Verdict.WARN, check("processors").verdict());
        write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
        assertTrue(check("processors").current().endsWith("no quota of the cgroup"));
    }

    @Test
    void aWideQuotaIsNone() throws IOException {
        write("sys/fs/cgroup/cpu.max", "max 100000\n");
        assertTrue(check("processors").current().endsWith("no quota of the cgroup"));
    }

    @ParameterizedTest
    @CsvSource({"0, 10, 8388608, OK", "0, 10, 16777216, WARN", "268435456, 0, 16777216, OK", "2147483648, 0, 1, WARN"})
    void theKernelWritesBackBeforeMuchIsUnwritten(String bytes, String percent, String memoryKib, Verdict verdict)
            throws IOException {
        write("proc/sys/vm/dirty_background_bytes", bytes + "\n");
        write("proc/sys/vm/dirty_background_ratio", percent + "\n");
        write("proc/meminfo", "MemTotal:       " + memoryKib + " kB\nMemFree: 1 kB\n");
        assertEquals(verdict, check("writeback").verdict());
    }

    @Test
    void whatTheSystemDoesNotTellIsNoFault() {
        for (String name : new String[] {"open files", "listen backlog", "clock source", "writeback"}) {
            assertEquals("not known here", check(name).current());
            assertEquals(Verdict.OK, check(name).verdict());
        }
    }
}
