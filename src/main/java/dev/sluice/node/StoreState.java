package dev.sluice.node;

/**
 * How a node stands with one of its stores.
 *
 * @param reached whether a connection stands, its server checked
 * @param failoverLossy whether a failover of that server can lose what it acknowledged last
 */
public record StoreState(boolean reached, boolean failoverLossy) {}
