package dev.sluice.admin;

import org.jspecify.annotations.Nullable;

/**
 * Where the admin listener listens and what it asks for.
 *
 * @param host address to bind; the configuration lets a host beyond loopback pass only with a token
 * @param port 0 to 65535; 0 takes a free one
 * @param token what {@code Authorization: Bearer} must carry for everything but {@code /healthz} and
 *     {@code /readyz}, or null for no such check
 */
public record AdminOptions(String host, int port, @Nullable String token) {

    private static final int PORT_MAX = 65_535;

    public AdminOptions {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("admin port must be 0.." + PORT_MAX + ", not " + port);
        }
        if (token != null && token.isBlank()) {
            throw new IllegalArgumentException("admin token must not be blank");
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return host + ":" + port + (token == null ? "" : " with a token");
    }
}
