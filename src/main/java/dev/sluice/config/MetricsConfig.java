package dev.sluice.config;

/** What a node records of itself. */
public record MetricsConfig(
        @Key(def = "true", why = "record orders, batches and times; off only to measure what recording costs")
        boolean enabled) {}
