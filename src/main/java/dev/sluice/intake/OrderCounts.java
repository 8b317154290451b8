package dev.sluice.intake;

import dev.sluice.metrics.Metrics;
import dev.sluice.metrics.OrderOutcome;
import dev.sluice.order.OrderResult;

/** Counts what clients are told about their orders. */
public final class OrderCounts {

    private OrderCounts() {}

    /** One order of that account was answered so. */
    public static void count(Metrics metrics, String account, OrderResult result) {
        metrics.accountOrders().count(account);
        metrics.orders().of(outcome(result)).increment();
    }

    private static OrderOutcome outcome(OrderResult result) {
        if (result.replayed()) {
            return OrderOutcome.REPLAYED;
        }
        return switch (result.code()) {
            case COMMITTED -> OrderOutcome.COMMITTED;
            case QUEUED -> OrderOutcome.QUEUED;
            case INVALID_ORDER, BODY_TOO_LARGE -> OrderOutcome.INVALID;
            case CLIENT_ORDER_ID_REUSED -> OrderOutcome.CONFLICT;
            case ORDER_REFUSED -> OrderOutcome.REFUSED;
            case NOT_STORED, OUTCOME_UNKNOWN -> OrderOutcome.UNAVAILABLE;
        };
    }
}
