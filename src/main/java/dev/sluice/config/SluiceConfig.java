package dev.sluice.config;

/**
 * The whole configuration of one node. Immutable, and valid when it comes from {@link ConfigLoader}: every value is in
 * its range and the values agree with each other ({@link Rules}), so nothing downstream checks again.
 */
public record SluiceConfig(
        HttpConfig http,
        AdminConfig admin,
        LogConfig log,
        MetricsConfig metrics,
        BusConfig bus,
        WriterConfig writer,
        PostgresConfig postgres,
        RedisConfig redis,
        OverflowConfig overflow,
        StoreConfig store,
        ShutdownConfig shutdown,
        DataConfig data) {

    private static final long CLAIM_IDLE_MS_MIN = 5_000;

    /** Share of the store deadline, in percent: a bulk order that took longer is a sign to send fewer. */
    private static final int BULK_TIMELY_SHARE = 10;

    /**
     * Orders of bulk requests that one intake verticle may have outstanding. A bulk request keeps the writers busy: one
     * batch more than they have in flight. All intakes together stay below the half of the writers' buffers that bulk
     * orders may fill.
     */
    public int bulkOutstandingMax() {
        int cores = Runtime.getRuntime().availableProcessors();
        long writers = writer.instances().resolve(cores);
        long busy = writers * (writer.inFlightMax() + 1) * writer.batchMax();
        long room = writers * writer.bufferMax() / 2 / http.instances().resolve(cores);
        return (int) Math.max(1, Math.min(Math.min(busy, room), bus.outstandingMax() / 2));
    }

    /** From sending a bulk order to its outcome; an answer that takes longer shows that the writers have enough. */
    public long bulkTimelyMs() {
        return Math.max(1, (long) writer.deadlineMs() * BULK_TIMELY_SHARE / 100);
    }

    /** Whether orders that PostgreSQL cannot take are queued: it is wanted, and there is a Redis for it. */
    public boolean hasOverflow() {
        return overflow.enabled() && redis.uri() != null;
    }

    /** After so long another node takes over what one has read from the queue: above what a batch and its settlement take. */
    public long claimIdleMs() {
        return Math.max(CLAIM_IDLE_MS_MIN, 2L * (writer.deadlineMs() + overflow.deadlineMs()));
    }

    /** The built-in defaults: no file, no environment. */
    public static SluiceConfig defaults() {
        return ConfigLoader.load(ConfigSources.none()).config();
    }

    /**
     * The defaults with some keys set, for tests and tools.
     *
     * @param sets {@code key=value} each
     * @throws ConfigException where a key is unknown or a value not allowed
     */
    public static SluiceConfig of(String... sets) {
        return ConfigLoader.load(ConfigSources.ofSets(sets)).config();
    }
}
