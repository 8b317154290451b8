package dev.sluice.bus;

import dev.sluice.order.FoundOrder;
import java.util.Optional;

/**
 * What a look-up found.
 *
 * @param order empty where every store answered that it has no such order
 */
public record Found(Optional<FoundOrder> order) {}
