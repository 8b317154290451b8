package dev.sluice.bus;

import dev.sluice.order.Outcome;

/**
 * The outcome of one order, and the times that hold for its whole message.
 *
 * @param retryAfterSeconds when the order may be tried again if it was refused; at least 1
 * @param waitMicros how long it waited in the writer; 0 where no writer answered
 * @param storeMicros how long the store took over its batch; 0 where it was not sent
 */
public record Settled(Outcome outcome, int retryAfterSeconds, int waitMicros, int storeMicros) {}
