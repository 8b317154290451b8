package dev.sluice.store.redis;

/**
 * How to reach Redis, and how much may be kept there.
 *
 * @param uri {@code redis://user:password@host:port/database}
 * @param connectTimeoutMs after which an attempt to connect, checks included, is given up
 * @param reconnectMs pause between attempts; grows with failures
 * @param commandDeadlineMs for calls that bring no deadline of their own
 * @param partitions that orders are spread over by their id; fixed for the life of a queue
 * @param entriesMax queued orders, all partitions together; beyond, offers are refused
 * @param deadLettersMax dead letters, and as many tombstones; beyond, nothing is moved there
 * @param allowUnsafe use a server that does not keep what it acknowledges
 */
public record RedisOptions(
        String uri,
        long connectTimeoutMs,
        long reconnectMs,
        long commandDeadlineMs,
        int partitions,
        long entriesMax,
        long deadLettersMax,
        boolean allowUnsafe) {}
