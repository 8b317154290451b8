package dev.sluice.bus;

import dev.sluice.order.Outcome;
import java.util.List;

/**
 * A writer's reply.
 *
 * @param outcomes one for each order of the request, in its order
 * @param retryAfterSeconds when a refused order may be tried again, from the writer's backlog and commit rate
 */
public record OutcomeBatch(List<Outcome> outcomes, int retryAfterSeconds) {}
