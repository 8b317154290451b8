package dev.sluice.config;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
        Parts uri = Parts.parse(text, POSTGRES_RULE);
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
        Parts uri = Parts.parse(text, REDIS_RULE);
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
        return Parts.parse(text, "is no URI").encoded();
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

    /**
     * The parts of a store's URI, as {@code psql} and {@code redis-cli -u} read them: percent-encoded, one host, a {@code +}
     * stands for itself.
     *
     * @param userInfo what stands before the {@code @}, still encoded; empty where there is none
     * @param address host and port as they stand
     * @param path what follows the slash, decoded; empty where there is none
     * @param parameters what follows the question mark, decoded
     */
    private record Parts(String scheme, String userInfo, String address, String path, Map<String, String> parameters) {

        private static final int PORT_MAX = 65_535;

        private static final Pattern SYNTAX = Pattern.compile("([a-z]+)://"
                + "(?:([^/?#@\\s]*)@)?"
                + "((?:\\[[0-9a-fA-F:.]+]|[^/:?#@,\\[\\]\\s]+)(?::([0-9]{1,5}))?)"
                + "(?:/([^/?#\\s]*))?"
                + "(?:\\?([^#\\s]*))?");

        /**
         * Reads a URI.
         *
         * @throws IllegalArgumentException with the rule as its message; the text may hold a password and is not repeated
         */
        static Parts parse(String text, String rule) {
            Matcher uri = SYNTAX.matcher(text);
            require(uri.matches() && isPort(uri.group(4)), rule);
            try {
                decoded(text);
                Map<String, String> parameters = parameters(orEmpty(uri.group(6)));
                return new Parts(
                        uri.group(1), orEmpty(uri.group(2)), uri.group(3), decoded(orEmpty(uri.group(5))), parameters);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(rule); // without its cause, which quotes the text
            }
        }

        private static boolean isPort(@Nullable String text) {
            return text == null || (Integer.parseInt(text) > 0 && Integer.parseInt(text) <= PORT_MAX);
        }

        private static String orEmpty(@Nullable String text) {
            return text == null ? "" : text;
        }

        private static Map<String, String> parameters(String query) {
            Map<String, String> parameters = new LinkedHashMap<>();
            for (String parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
                int equals = parameter.indexOf('=');
                require(equals > 0, "a parameter has no value");
                parameters.put(decoded(parameter.substring(0, equals)), decoded(parameter.substring(equals + 1)));
            }
            return parameters;
        }

        String parameter(String name, String otherwise) {
            return parameters.getOrDefault(name, otherwise);
        }

        /**
         * The same URI with every part encoded: the clients of Vert.x read {@code +} as a blank and take no second colon in
         * the user info.
         */
        String encoded() {
            int colon = userInfo.indexOf(':');
            String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
            String password = colon < 0 ? "" : ":" + encoded(decoded(userInfo.substring(colon + 1)));
            String query = parameters.entrySet().stream()
                    .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                    .collect(Collectors.joining("&"));
            return scheme + "://"
                    + (userInfo.isEmpty() ? "" : encoded(decoded(user)) + password + "@")
                    + address
                    + (path.isEmpty() ? "" : "/" + encoded(path))
                    + (query.isEmpty() ? "" : "?" + query);
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }
}
