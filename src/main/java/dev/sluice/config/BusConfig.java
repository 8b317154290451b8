package dev.sluice.config;

/** The way from an intake verticle to a writer. */
public record BusConfig(
        @Key(
                def = "2000",
                unit = "ms",
                min = 2,
                max = 600_000,
                why = "how long a message waits for its writer's answer; between writer.deadlineMs and http.deadlineMs")
        int deadlineMs,

        @Key(
                def = "20000",
                unit = "orders",
                min = 1,
                max = 1_000_000,
                why = "orders waiting for an answer per intake verticle; beyond it 503 at once")
        int outstandingMax,

        @Key(
                def = "256",
                unit = "orders",
                min = 1,
                max = 10_000,
                why = "most orders in one message; one event-loop turn's orders travel together")
        int messageOrdersMax) {}
