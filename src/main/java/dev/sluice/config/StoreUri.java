package dev.sluice.config;

import java.util.List;
import java.util.Set;
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

    private static final String ENCODE = "percent-encode / ? # @ and spaces in the password)";
    private static final String POSTGRES_RULE = "is not " + POSTGRES_FORM + " (one host; " + ENCODE;
    private static final String REDIS_RULE =
            "is not " + REDIS_FORM + " (one host, a database number at most; " + ENCODE;
    private static final Set<String> POSTGRES_SCHEMES = Set.of("postgresql", "postgres");
    private static final Set<String> REDIS_SCHEMES = Set.of("redis", "rediss");
    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    /** Also of an ill-formed URI. */
    private static final Pattern USERINFO_PASSWORD = Pattern.compile("(://[^:/?#]*):.*@", Pattern.DOTALL);

    /** Redis takes a single word for the password. */
    private static final Pattern REDIS_WORD = Pattern.compile("(rediss?://)([^:/?#@]+)@");

    private static final Pattern PARAMETER_PASSWORD = Pattern.compile("(?i)([?&][a-z]*password=)[^&#]*");

    /**
     * Reads the URI of a PostgreSQL.
     *
     * @throws IllegalArgumentException where it is none; the message holds the form, not the text
     */
    public static StoreUri postgres(String text) {
        UriParts uri = UriParts.parse(text, POSTGRES_RULE);
        boolean passwordAlone = uri.userInfo().startsWith(":");
        require(POSTGRES_SCHEMES.contains(uri.scheme()) && !uri.path().isEmpty() && !passwordAlone, POSTGRES_RULE);
        require(SSL_MODES.contains(uri.parameter("sslmode", "disable")), "has an sslmode that is none of " + SSL_MODES);
        require(uri.parameter("port", "1").matches("[1-9][0-9]{0,4}"), POSTGRES_RULE);
        return new StoreUri(text);
    }

    /**
     * Reads the URI of a Redis.
     *
     * @throws IllegalArgumentException where it is none; the message holds the form, not the text
     */
    public static StoreUri redis(String text) {
        UriParts uri = UriParts.parse(text, REDIS_RULE);
        require(REDIS_SCHEMES.contains(uri.scheme()), REDIS_RULE);
        require(isDatabase(uri.path()) && isDatabase(uri.parameter("db", "")), REDIS_RULE);
        return new StoreUri(text);
    }

    private static boolean isDatabase(String text) {
        return text.matches("[0-9]{0,5}");
    }

    private static void require(boolean met, String rule) {
        if (!met) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** The same for the clients of Vert.x, whose own parsers then read what {@code psql} and {@code redis-cli} read. */
    public String forClient() {
        String text = REDIS_WORD.matcher(value).replaceFirst("$1:$2@");
        return UriParts.parse(text, "is no URI").encoded();
    }

    /** Whether it is {@code rediss}. */
    public boolean isRedisTls() {
        return value.startsWith("rediss:");
    }

    /** The same without its password: {@code psql} takes it and asks, {@code redis-cli -u} does with {@code --askpass}. */
    public String withoutPassword() {
        String withoutUserinfo = USERINFO_PASSWORD
                .matcher(REDIS_WORD.matcher(value).replaceAll("$1"))
                .replaceAll("$1@");
        return PARAMETER_PASSWORD.matcher(withoutUserinfo).replaceAll("");
    }

    /** Any text with the passwords of URIs in it masked, also where a URI is ill-formed. */
    static String masked(String text) {
        String masked = USERINFO_PASSWORD.matcher(text).replaceAll("$1:" + Secret.MASK + "@");
        masked = REDIS_WORD.matcher(masked).replaceAll("$1" + Secret.MASK + "@");
        return PARAMETER_PASSWORD.matcher(masked).replaceAll("$1" + Secret.MASK);
    }

    @Override
    public String toString() {
        return masked(value);
    }
}
