package dev.sluice.node;

import org.jspecify.annotations.Nullable;

/**
 * How a node stands with one of its stores.
 *
 * @param reached whether a connection stands, its server checked
 * @param failoverLossy whether a failover of that server can lose what it acknowledged last
 * @param refusal what the server itself said where no connection stands, say of a password; null where it said nothing
 */
public record StoreState(
        boolean reached, boolean failoverLossy, @Nullable String refusal) {}
