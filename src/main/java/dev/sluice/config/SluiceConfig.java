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
