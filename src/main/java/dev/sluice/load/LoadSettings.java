package dev.sluice.load;

import java.time.Duration;

/**
 * What a run was asked to do; every generator has these.
 *
 * @param target where to, for the reader of a result
 * @param connections held open; on the event bus, messages on their way at once
 * @param warmup first part, sent like the rest and not counted
 * @param duration measured part
 * @param ordersPerSecond the rate of the open model; 0 for the closed model
 * @param batch orders per request; 1 is a single order
 * @param replayShare of orders that repeat an earlier one, 0 to 1
 * @param invalidShare of orders that are none, 0 to 1
 */
public record LoadSettings(
        String target,
        int connections,
        Duration warmup,
        Duration duration,
        double ordersPerSecond,
        int batch,
        double replayShare,
        double invalidShare) {

    /** Whether requests leave at their times, not when connections are free. */
    public boolean isOpen() {
        return ordersPerSecond > 0;
    }

    /** {@code open} or {@code closed}. */
    public String model() {
        return isOpen() ? "open" : "closed";
    }
}
