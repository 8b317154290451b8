package dev.sluice.config;

/** What Sluice asks of the stores it is given. */
public record StoreConfig(
        @Key(
                def = "false",
                why = "take a store whose settings can lose acknowledged orders (fsync off); shown as UNSAFE")
        boolean allowUnsafe,

        @Key(
                def = "30000",
                unit = "ms",
                min = 100,
                max = 600_000,
                why = "how long a start waits for a store that answers; then it gives up with exit code 4")
        int startWaitMs) {}
