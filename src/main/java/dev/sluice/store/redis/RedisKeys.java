package dev.sluice.store.redis;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Names of one partition. The hash tag in braces keeps them on one node of a Redis Cluster.
 *
 * @param stream in what order entries leave
 * @param orders queued orders by id: the entries
 * @param dead dead letters by their id
 * @param tombstones tombstones of dead letters by their id
 * @param deadByOrder which dead letters and tombstones an order id has
 * @param settles touched by every settlement
 * @param lease token of the node that drains
 */
record RedisKeys(
        int partition,
        String stream,
        String orders,
        String dead,
        String tombstones,
        String deadByOrder,
        String settles,
        String lease) {

    /** The consumer group of the drain. */
    static final String GROUP = "drain";

    static RedisKeys of(int partition) {
        String prefix = "sluice:{" + partition + "}:";
        return new RedisKeys(
                partition,
                prefix + "stream",
                prefix + "orders",
                prefix + "dead",
                prefix + "tombstones",
                prefix + "dead-by-order",
                prefix + "settles",
                prefix + "lease");
    }

    static List<RedisKeys> all(int partitions) {
        return IntStream.range(0, partitions).mapToObj(RedisKeys::of).toList();
    }

    /** Which dead letters and tombstones an order id has, in {@link #deadByOrder}: members of score 0. */
    static String deadByOrderMember(UUID orderId, UUID letter) {
        return orderId + ":" + letter;
    }

    /** The id, as an unsigned number of 128 bits, modulo the number of partitions. */
    static int partition(UUID orderId, int partitions) {
        long wrap = (Long.remainderUnsigned(-1L, partitions) + 1) % partitions;
        long high = Long.remainderUnsigned(orderId.getMostSignificantBits(), partitions);
        long low = Long.remainderUnsigned(orderId.getLeastSignificantBits(), partitions);
        return (int) ((high * wrap + low) % partitions);
    }
}
