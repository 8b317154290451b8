package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/** The way to Redis, which holds the overflow. */
public record RedisConfig(
        @Key(
                def = "",
                secret = true,
                why = "redis://user:password@host:6379 of the overflow; without it there is none, dev brings its own")
        @Nullable
        StoreUri uri,

        @Key(def = "1000", unit = "ms", min = 10, max = 60_000, why = "how long one attempt to connect may take")
        int connectTimeoutMs,

        @Key(def = "250", unit = "ms", min = 10, max = 60_000, why = "pause between two attempts to connect")
        int reconnectMs) {}
