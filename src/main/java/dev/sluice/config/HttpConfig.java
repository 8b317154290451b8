package dev.sluice.config;

import dev.sluice.config.value.ClientAccounts;
import dev.sluice.config.value.Instances;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The intake listener: where it is and what a client may take of it. */
public record HttpConfig(
        @Key(
                def = "127.0.0.1",
                why = "interface of the order API; beyond loopback it needs credentials, or allowAnonymous")
        String host,

        @Key(
                def = "false",
                why = "a host beyond loopback serves every client, without credentials: for networks that"
                        + " you trust")
        boolean allowAnonymous,

        @Key(
                def = "",
                why = "names in Host that are served beside addresses and localhost, commas between; others"
                        + " are 421 on loopback without credentials, and wherever this is set")
        @Nullable
        String allowedHosts,

        @Key(def = "8080", min = 0, max = 65_535, why = "port of the order API; 0 takes any free one")
        int port,

        @Key(
                def = "auto",
                min = 0,
                max = 256,
                why = "intake verticles, auto is one for two cores; 0 is no order API: a node of a cluster"
                        + " that only writes")
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
                why = "a silent connection is closed after it; above http.deadlineMs, whose answers it would"
                        + " cut off")
        int idleTimeoutMs,

        @Key(
                def = "10000",
                unit = "connections",
                min = 1,
                max = 1_000_000,
                why = "open connections per node; for the next one the one that is idle longest is closed")
        int connectionsMax,

        @Key(
                def = "0",
                unit = "connections",
                min = 0,
                max = 1_000_000,
                why = "of these, from one address; 0 is no bound: behind a proxy all clients have one address")
        int connectionsPerAddressMax,

        @Key(def = "false", why = "Server-Timing (parse, bus, wait, store) on every answer; a single one by ?timing=1")
        boolean serverTiming,

        @Key(def = "false", why = "one log line per request; costs throughput")
        boolean accessLog,

        @Key(
                def = "false",
                why =
                        "HTTP/2 on the order API beside HTTP/1.1, within the same limits: with TLS by ALPN, without it for"
                                + " clients that begin with it (prior knowledge; no Upgrade)")
        boolean http2,

        @Key(
                def = "",
                why = "accounts of clients by their certificates, semicolons between:"
                        + " dns:shop.example=shop; cn:till-7=tills; also uri:, email: and subject:")
        @Nullable
        ClientAccounts clientAccounts,

        ListenerTls tls,
        Cors cors) {

    /** What pages of other origins may do. */
    public record Cors(
            @Key(
                    def = "",
                    why = "origins whose pages may call the order API from a browser, such as"
                            + " https://shop.example, commas between")
            @Nullable
            String origins) {}

    /** Whether only this machine reaches it. */
    public boolean isLoopback() {
        return Rules.isLoopback(host);
    }

    /** The names that are served, as they are written. */
    public List<String> allowedHostList() {
        return ValueParser.list(allowedHosts);
    }

    /** The origins whose pages may call, as they are written. */
    public List<String> corsOriginList() {
        return ValueParser.list(cors.origins);
    }
}
