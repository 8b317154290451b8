package dev.sluice.bus;

/**
 * Whether the address answered.
 *
 * @param detail why not, for a person; empty where it did
 */
public record Reached(boolean ok, String detail) {}
