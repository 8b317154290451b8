package dev.sluice.config;

import java.util.regex.Pattern;

/**
 * Where a store is: {@value #POSTGRES_FORM} or {@value #REDIS_FORM}, {@code rediss} for TLS. One host, and every
 * reserved character of the password percent-encoded. It prints without its password.
 *
 * @param value the whole URI, password included; {@code psql} and {@code redis-cli -u} take it as it stands
 */
public record StoreUri(String value) {

    /** The form of a PostgreSQL URI, for messages. */
    public static final String POSTGRES_FORM = "postgresql://user:password@host:5432/database";

    /** The form of a Redis URI, for messages. */
    public static final String REDIS_FORM = "redis://user:password@host:6379";

    private static final String USER_HOST_PORT =
            "(?:[^/?#@\\s]*@)?(?:\\[[0-9a-fA-F:.]+]|[^/:?#@,\\[\\]\\s]+)(?::[0-9]{1,5})?";
    private static final String PARAMETERS = "(?:\\?[^#\\s]*)?";
    private static final Pattern POSTGRES =
            Pattern.compile("postgres(?:ql)?://" + USER_HOST_PORT + "/[^/?#\\s]+" + PARAMETERS);
    private static final Pattern REDIS =
            Pattern.compile("rediss?://" + USER_HOST_PORT + "(?:/[0-9]{0,5})?" + PARAMETERS);

    /** Also of an ill-formed URI. */
    private static final Pattern USERINFO_PASSWORD = Pattern.compile("(://[^:/?#]*):.*@", Pattern.DOTALL);

    private static final Pattern PARAMETER_PASSWORD = Pattern.compile("(?i)([?&][a-z]*password=)[^&#]*");

    /**
     * Reads the URI of a PostgreSQL.
     *
     * @throws IllegalArgumentException where it is none; the message holds the form, not the text
     */
    public static StoreUri postgres(String text) {
        return checked(text, POSTGRES, POSTGRES_FORM + " (one host");
    }

    /**
     * Reads the URI of a Redis.
     *
     * @throws IllegalArgumentException where it is none; the message holds the form, not the text
     */
    public static StoreUri redis(String text) {
        return checked(text, REDIS, REDIS_FORM + " (one host, a database number at most");
    }

    private static StoreUri checked(String text, Pattern syntax, String form) {
        if (!syntax.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is not " + form + "; percent-encode / ? # @ and spaces in the password)");
        }
        return new StoreUri(text);
    }

    /** The same without its password: {@code psql} takes it and asks, {@code redis-cli -u} does with {@code --askpass}. */
    public String withoutPassword() {
        String withoutUserinfo = USERINFO_PASSWORD.matcher(value).replaceAll("$1@");
        return PARAMETER_PASSWORD.matcher(withoutUserinfo).replaceAll("");
    }

    /** Any text with the passwords of URIs in it masked, also where a URI is ill-formed. */
    static String masked(String text) {
        String masked = USERINFO_PASSWORD.matcher(text).replaceAll("$1:" + Secret.MASK + "@");
        return PARAMETER_PASSWORD.matcher(masked).replaceAll("$1" + Secret.MASK);
    }

    @Override
    public String toString() {
        return masked(value);
    }
}
