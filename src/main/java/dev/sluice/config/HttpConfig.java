package dev.sluice.config;

/** The intake listener: where it is and what a client may take of it. */
public record HttpConfig(
        @Key(
                def = "127.0.0.1",
                why = "interface of the order API; it has no authentication yet, so open it to trusted networks only")
        String host,

        @Key(def = "8080", min = 0, max = 65_535, why = "port of the order API; 0 takes any free one")
        int port,

        @Key(
                def = "auto",
                min = 0,
                max = 256,
                why =
                        "intake verticles, auto is one for two cores; 0 is no order API: a node of a cluster that only writes")
        Instances instances,

        @Key(
                def = "65536",
                unit = "bytes",
                min = 1_024,
                max = 1_048_576,
                why = "largest order document; beyond it the answer is 413")
        int bodyBytesMax,

        @Key(
                def = "5000",
                unit = "ms",
                min = 3,
                max = 600_000,
                why = "every request is answered within it; above bus.deadlineMs")
        int deadlineMs,

        @Key(def = "8192", unit = "bytes", min = 1_024, max = 65_536, why = "all headers of a request; beyond it 431")
        int headerBytesMax,

        @Key(def = "4096", unit = "bytes", min = 256, max = 65_536, why = "the request line; beyond it 414")
        int initialLineBytesMax,

        @Key(
                def = "10000",
                unit = "ms",
                min = 100,
                max = 600_000,
                why = "the head of a request comes whole within it, on both listeners; beyond it 408")
        int headMs,

        @Key(
                def = "60000",
                unit = "ms",
                min = 1_000,
                max = 3_600_000,
                why = "a silent connection is closed after it; above http.deadlineMs, whose answers it would cut off")
        int idleTimeoutMs,

        @Key(
                def = "10000",
                unit = "connections",
                min = 1,
                max = 1_000_000,
                why = "open connections per node; the next one is closed at once")
        int connectionsMax,

        @Key(
                def = "67108864",
                unit = "bytes",
                min = 65_536,
                max = 17_179_869_184L,
                why = "request bodies that one intake verticle holds while they come in; beyond it 503 at once")
        long bodyBufferBytesMax,

        @Key(def = "false", why = "Server-Timing (parse, bus, wait, store) on every answer; a single one by ?timing=1")
        boolean serverTiming,

        @Key(def = "false", why = "one log line per request; costs throughput")
        boolean accessLog) {}
