package dev.sluice.config;

import dev.sluice.config.value.PostgresUri;
import dev.sluice.config.value.StoreUri;
import org.jspecify.annotations.Nullable;

/** The way to PostgreSQL. */
public record PostgresConfig(
        @Key(
                def = "",
                secret = true,
                why = "postgresql://user:password@host:5432/database; serve needs it, dev brings its own server")
        @Nullable
        PostgresUri uri,

        @Key(
                def = "2",
                unit = "connections",
                min = 1,
                max = 100,
                why = "connections per writer; one for each batch in flight (writer.inFlightMax)")
        int poolSize,

        @Key(def = "1000", unit = "ms", min = 10, max = 60_000, why = "how long one attempt to connect may take")
        int connectTimeoutMs,

        @Key(def = "250", unit = "ms", min = 10, max = 60_000, why = "pause between two attempts to connect")
        int reconnectMs,

        @Key(
                def = "2",
                unit = "connections",
                min = 1,
                max = 100,
                why = "connections per node for GET /orders; apart from the writers', so that reads cannot starve them")
        int lookupPoolSize,

        LinkTls.TlsFiles tls) {

    /**
     * The URI, for a verb that cannot do without.
     *
     * @throws ConfigException where {@code postgres.uri} is not set
     */
    public PostgresUri requiredUri() {
        if (uri == null) {
            throw new ConfigException("postgres.uri is not set: set SLUICE_POSTGRES_URI="
                    + StoreUri.POSTGRES_FORM
                    + ", or postgres.uri in the file of --config (or try `sluice dev`, which brings its own server)");
        }
        return uri;
    }

    /** What protects the connections. */
    public LinkTls link() {
        return LinkTls.of(uri, tls);
    }

    /** How long one attempt to connect may take: the URI's {@code connect_timeout}, else {@code connectTimeoutMs}. */
    public int attemptMs() {
        return uri == null || uri.connectTimeoutMs() == null ? connectTimeoutMs : uri.connectTimeoutMs();
    }
}
