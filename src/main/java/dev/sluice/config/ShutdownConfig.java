package dev.sluice.config;

/** How a node leaves. */
public record ShutdownConfig(
        @Key(
                def = "0",
                unit = "ms",
                min = 0,
                max = 60_000,
                why = "from failing readiness to refusing new work; behind a load balancer, its probe period")
        int graceMs,

        @Key(
                def = "25000",
                unit = "ms",
                min = 1_000,
                max = 600_000,
                why = "the node is gone within it, grace included; below the 30 s that supervisors allow")
        int deadlineMs) {}
