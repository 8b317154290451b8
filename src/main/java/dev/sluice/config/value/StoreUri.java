package dev.sluice.config.value;

import org.jspecify.annotations.Nullable;

/**
 * Where a store is and how one logs in there, read as {@code psql} and {@code redis-cli -u} read it. It prints without
 * its password.
 */
public sealed interface StoreUri permits PostgresUri, RedisUri {

    /** The form of a PostgreSQL URI, for messages. */
    String POSTGRES_FORM = "postgresql://user:password@host:5432/database";

    /** The form of a Redis URI, for messages. */
    String REDIS_FORM = "redis://user:password@host:6379";

    /** The whole URI, password included. */
    String value();

    /** The same without its password: {@code psql} takes it and asks, {@code redis-cli -u} does with {@code --askpass}. */
    String withoutPassword();

    /** A host name, an address, or the path of a unix socket or of its folder. */
    String host();

    /** 1 to 65535; of a PostgreSQL's unix socket the number in its name. */
    int port();

    /** The user who logs in; null where it is the server's default user. */
    @Nullable
    String user();

    /** Null where there is none. */
    @Nullable
    String password();

    /** Whether it is reached by a unix socket: it never leaves the machine, and TLS is of no use. */
    default boolean isUnixSocket() {
        return host().startsWith("/");
    }

    /**
     * Reads the URI of a PostgreSQL.
     *
     * @throws IllegalArgumentException where it is none; the message holds the form, not the text
     */
    static PostgresUri postgres(String text) {
        return PostgresUri.parse(text);
    }

    /**
     * Reads the URI of a Redis.
     *
     * @throws IllegalArgumentException where it is none; the message holds the form, not the text
     */
    static RedisUri redis(String text) {
        return RedisUri.parse(text);
    }

    /** Any text with the passwords of URIs in it masked, also where a URI is ill-formed. */
    static String masked(String text) {
        return Masking.masked(text);
    }
}
