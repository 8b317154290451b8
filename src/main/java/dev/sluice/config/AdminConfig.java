package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/** The admin listener: health, metrics, operations. */
public record AdminConfig(
        @Key(def = "127.0.0.1", why = "interface of the admin API; beyond loopback it needs admin.token")
        String host,

        @Key(def = "9090", min = 0, max = 65_535, why = "port of the admin API; 0 takes any free one")
        int port,

        @Key(
                def = "",
                secret = true,
                why = "bearer token of the admin API; give it by SLUICE_ADMIN_TOKEN, not on the command line")
        @Nullable
        Secret token) {}
