package dev.sluice.drain;

import dev.sluice.order.Order;
import dev.sluice.store.DrainQueue.Delivery;

/** A delivery that holds an order. */
record Held(Delivery delivery, Order order) {}
