package dev.sluice.metrics;

/**
 * How the two stores of a node stand.
 *
 * @param postgresUp whether PostgreSQL answers
 * @param postgresReconnects connections opened to take the place of a lost one
 * @param redisUp whether the Redis of the overflow answers
 * @param redisReconnects lost connections to Redis that were replaced
 * @param unfit stores of which was seen that they take no order as they are
 * @param unsafeAllowed whether {@code --allow-unsafe-store} was given
 */
public record StoreMeters(
        Gauge postgresUp,
        Counter postgresReconnects,
        Gauge redisUp,
        Counter redisReconnects,
        Gauge unfit,
        Gauge unsafeAllowed) {

    static StoreMeters of(Meters meters) {
        return new StoreMeters(
                meters.shownGauge("sluice_postgres_up", "1 while PostgreSQL answers."),
                meters.counter(
                        "sluice_postgres_reconnects_total",
                        "Connections to PostgreSQL opened again after one was lost."),
                meters.shownGauge(
                        "sluice_redis_up", "1 while the Redis of the overflow answers; 0 without an overflow."),
                meters.counter(
                        "sluice_redis_reconnects_total", "Connections to Redis opened again after one was lost."),
                meters.shownGauge(
                        "sluice_unfit_stores",
                        "Stores that take no order before somebody changes them; /readyz says what."),
                meters.shownGauge(
                        "sluice_unsafe_store", "1 where a store that may lose acknowledged orders is allowed."));
    }
}
