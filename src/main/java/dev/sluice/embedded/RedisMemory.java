package dev.sluice.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much memory a bundled Redis may take: enough for the orders that are to wait in it, where the machine has that. */
final class RedisMemory {

    /** Of an order of two items. */
    private static final long ORDER_BYTES = 1 << 10;

    private static final long BYTES_MIN = 64 << 20;

    private RedisMemory() {}

    /** Of this machine, or of the container that it is in. */
    static long bytesFor(long entriesMax) {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return bytesFor(entriesMax, machine.getTotalMemorySize());
    }

    /** At most half of the memory there is: rewriting the file may double what is taken for a while. */
    static long bytesFor(long entriesMax, long machineBytes) {
        return Math.min(Math.max(BYTES_MIN, entriesMax * ORDER_BYTES), machineBytes / 2);
    }
}
