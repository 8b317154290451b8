package dev.sluice.config;

/** The durable queue in Redis that takes what PostgreSQL cannot take now, and how it is emptied. */
public record OverflowConfig(
        @Key(def = "true", why = "queue what PostgreSQL cannot take, answered 202; needs redis.uri; else it is 503")
        boolean enabled,

        @Key(
                def = "800",
                unit = "ms",
                min = 1,
                max = 600_000,
                why = "how long an offer to Redis may take; with writer.deadlineMs it stays below bus.deadlineMs")
        int deadlineMs,

        @Key(
                def = "75",
                unit = "percent",
                min = 1,
                max = 100,
                why = "how full a writer's buffer (writer.bufferMax) is when further orders go to Redis")
        int highWatermark,

        @Key(
                def = "1000000",
                unit = "orders",
                min = 1,
                max = 1_000_000_000,
                why = "most orders queued; beyond it 503, nothing is trimmed; Redis's maxmemory may come first")
        int entriesMax,

        @Key(
                def = "100000",
                unit = "orders",
                min = 1,
                max = 100_000_000,
                why = "most dead letters, tombstones included; there the drain pauses until some are dealt with")
        int deadLettersMax,

        @Key(
                def = "1",
                unit = "streams",
                min = 1,
                max = 256,
                why = "streams the queue is split into, by order id; change it only while the queue is empty")
        int partitions,

        @Key(
                def = "1024",
                unit = "orders",
                min = 1,
                max = 10_000,
                why = "most orders that the drain moves at once, in two transactions while all goes well")
        int drainBatchMax) {

    /** Orders waiting in a writer's buffer of that size at which the next one goes to the overflow. */
    public int highMarkOrders(int bufferMax) {
        return (int) Math.max(1, (long) bufferMax * highWatermark / 100);
    }
}
