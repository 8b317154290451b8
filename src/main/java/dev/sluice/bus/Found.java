package dev.sluice.bus;

import dev.sluice.order.FoundOrder;
import java.util.List;

/**
 * What a look-up found.
 *
 * @param orders one, or none where every store answered that it has no such order
 */
public record Found(List<FoundOrder> orders) {}
