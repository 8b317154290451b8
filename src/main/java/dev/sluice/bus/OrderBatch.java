package dev.sluice.bus;

import dev.sluice.order.Order;
import dev.sluice.order.Priority;
import java.util.List;

/**
 * Orders for a writer: those of one priority and one event-loop turn of an intake instance.
 *
 * @param orders at least one; the reply has an outcome for each, in the same order
 * @param priority how soon they are to be stored
 */
public record OrderBatch(List<Order> orders, Priority priority) {}
