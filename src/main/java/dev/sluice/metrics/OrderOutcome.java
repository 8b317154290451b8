package dev.sluice.metrics;

/** What a client was told about an order: label {@code outcome} of {@code sluice_orders_total}. */
public enum OrderOutcome {
    /** 201, a row of its own. */
    COMMITTED,
    /** 202, in the overflow. */
    QUEUED,
    /** 201 or 202 with the original of the same key and content. */
    REPLAYED,
    /** 422 {@code client_order_id_reused}. */
    CONFLICT,
    /** 4xx: not a valid order, or too large, or of another media type. */
    INVALID,
    /** 422 {@code order_refused}: PostgreSQL will never take it. */
    REFUSED,
    /** 503, {@code not_stored} or {@code outcome_unknown}. */
    UNAVAILABLE
}
