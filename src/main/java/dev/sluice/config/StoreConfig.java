package dev.sluice.config;

/** What Sluice asks of the stores it is given. */
public record StoreConfig(
        @Key(
                def = "false",
                why = "take a store whose settings can lose acknowledged orders (fsync off); shown as UNSAFE")
        boolean allowUnsafe) {}
