package dev.sluice.config;

/** The TCP event-bus bridge: other languages submit orders and follow commits over it. */
public record BridgeConfig(
        @Key(def = "false", why = "open the TCP event-bus bridge for clients in any language; it has no authentication")
        boolean enabled,

        @Key(def = "127.0.0.1", why = "interface of the bridge; open it to trusted networks only")
        String host,

        @Key(def = "7000", min = 0, max = 65_535, why = "port of the bridge; 0 takes any free one")
        int port,

        @Key(def = "default", why = "the account of everything that comes over the bridge, whatever clients say")
        String account,

        @Key(
                def = "8454144",
                unit = "bytes",
                min = 1_024,
                max = 67_108_864,
                why = "largest frame; beyond it an error and the end of the connection")
        int frameBytesMax,

        @Key(
                def = "100",
                unit = "connections",
                min = 1,
                max = 100_000,
                why = "open connections of the bridge; beyond it the one that is quiet for longest gives way")
        int connectionsMax) {

    /** Whether only this machine reaches it. */
    public boolean isLoopback() {
        return Rules.isLoopback(host);
    }
}
