package dev.sluice.bus;

/**
 * Asks a node to send to an address and to say how it went; answered with {@link Reached}.
 *
 * @param address empty where the question is only whether this arrives
 */
public record Reach(String address) {}
