package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.rig.TestRedis;
import java.util.HashSet;
import java.util.Set;

/** The overflow of a rig, as its Redis has it; one partition. Every method blocks. */
record RigOverflow(TestRedis redis) {

    private static final String STREAM = "sluice:{0}:stream";
    private static final String ORDERS = "sluice:{0}:orders";

    /** Orders that are queued now. */
    long queued() {
        return Long.parseLong(redis.ask("HLEN", ORDERS));
    }

    /** Their ids. */
    Set<String> ids() {
        return new HashSet<>(redis.ask("HKEYS", ORDERS).lines().toList());
    }

    /** Entries that some drain read and did not settle. */
    long pending() {
        String summary = redis.ask("XPENDING", STREAM, "drain");
        return summary.startsWith("-")
                ? 0
                : Long.parseLong(summary.lines().findFirst().orElse("0"));
    }

    private String entries() {
        return redis.ask("XLEN", STREAM);
    }

    /** Whether nothing is queued and nothing pending; dead letters may be left. */
    boolean isDrained() {
        return queued() == 0 && entries().equals("0") && pending() == 0;
    }

    /** What it holds, for a person. */
    String described() {
        return queued() + " orders, " + entries() + " entries, " + pending() + " pending";
    }

    /** From now on Redis takes only so many bytes more. */
    void fillAfter(long bytes) {
        long used = Long.parseLong(redis.ask("INFO", "memory").replaceFirst("(?s).*used_memory:(\\d+).*", "$1"));
        assertEquals("OK", redis.ask("CONFIG", "SET", "maxmemory", Long.toString(used + bytes)));
    }
}
