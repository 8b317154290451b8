package dev.sluice.metrics;

/**
 * What the overflow holds, of all nodes, and what this node drained of it.
 *
 * @param drained queued orders that this node brought into PostgreSQL
 * @param depth orders in the overflow, as of the drain's last look
 * @param oldestSeconds age of the oldest of them, seconds
 * @param deadLetters dead letters, tombstones not counted
 */
public record OverflowMeters(Counter drained, Gauge depth, Gauge oldestSeconds, Gauge deadLetters) {

    static OverflowMeters of(Meters meters) {
        return new OverflowMeters(
                meters.counter("sluice_drained_total", "Queued orders that this node brought into PostgreSQL."),
                meters.shownGauge("sluice_overflow_depth", "Orders in the overflow, of all nodes."),
                meters.shownGauge("sluice_overflow_oldest_seconds", "Age of the oldest order in the overflow."),
                meters.shownGauge("sluice_dead_letters", "Queued orders that PostgreSQL will never take."));
    }
}
