package dev.sluice.bus;

import java.util.UUID;

/** Asks for one order by account and id; answered with {@link Found}, or failed where the stores did not answer. */
public record Lookup(String account, UUID id) {}
