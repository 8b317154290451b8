package dev.sluice.config;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a store's URI, as {@code psql} and {@code redis-cli -u} read them: percent-encoded, one host, a {@code +}
 * stands for itself.
 *
 * @param userInfo what stands before the {@code @}, still encoded; empty where there is none
 * @param address host and port as they stand
 * @param path what follows the slash, decoded; empty where there is none
 * @param parameters what follows the question mark, decoded
 */
record UriParts(String scheme, String userInfo, String address, String path, Map<String, String> parameters) {

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
    static UriParts parse(String text, String rule) {
        Matcher uri = SYNTAX.matcher(text);
        require(uri.matches() && isPort(uri.group(4)), rule);
        try {
            decoded(text);
            Map<String, String> parameters = parameters(orEmpty(uri.group(6)));
            return new UriParts(
                    uri.group(1), orEmpty(uri.group(2)), uri.group(3), decoded(orEmpty(uri.group(5))), parameters);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rule); // without its cause, which quotes the text
        }
    }

    private static void require(boolean met, String rule) {
        if (!met) {
            throw new IllegalArgumentException(rule);
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
