package dev.sluice.config.value;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a store's URI as they stand, still percent-encoded.
 *
 * @param scheme before the {@code ://}
 * @param userInfo before the {@code @}; null where there is none
 * @param host after it, without brackets
 * @param port after the colon; empty where there is none
 * @param path after the slash that ends the place
 * @param query after the question mark
 */
record UriParts(String scheme, @Nullable String userInfo, String host, String port, String path, String query) {

    private static final Pattern HOST = Pattern.compile("[^\\s@#,\\[\\]\\\\\"'<>^`{|}]*");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]+(%25[\\w.-]+|%[\\w.-]+)?");
    private static final Pattern PORT = Pattern.compile("0*[0-9]{1,5}");
    private static final int PORT_MAX = 65_535;
    private static final String SECRET_PARAMETER = "password";

    /**
     * Splits a URI.
     *
     * @param userInfoEnd finds, in what follows the scheme, the {@code @} that ends the user info; below 0 for none
     * @throws IllegalArgumentException without the text
     */
    static UriParts split(String text, UserInfoEnd userInfoEnd) {
        require(text.chars().noneMatch(c -> c <= ' ' || c == 0x7F), "has a space or control character; %20 is a space");
        int schemeEnd = text.indexOf("://");
        require(schemeEnd > 0, "has no scheme");
        String rest = text.substring(schemeEnd + 3);
        int at = userInfoEnd.in(rest);
        String place = rest.substring(at + 1);
        int end = firstOf(place, "/?", 0);
        boolean hasPath = end < place.length() && place.charAt(end) == '/';
        int queryAt = firstOf(place, "?", end);
        String path = hasPath ? place.substring(end + 1, queryAt) : "";
        String query = queryAt < place.length() ? place.substring(queryAt + 1) : "";
        String userInfo = at < 0 ? null : rest.substring(0, at);
        return withPlace(text.substring(0, schemeEnd), userInfo, place.substring(0, end), path, query);
    }

    /** Where the user info ends. */
    interface UserInfoEnd {
        int in(String rest);
    }

    private static UriParts withPlace(
            String scheme, @Nullable String userInfo, String place, String path, String query) {
        require(
                place.indexOf(',') < 0,
                "names more than one host; Sluice takes one, a proxy or a name that follows the" + " primary");
        if (place.startsWith("[")) {
            int end = place.indexOf(']');
            require(end > 0 && IPV6.matcher(place.substring(1, end)).matches(), "has no IPv6 address in its brackets");
            String port = place.substring(end + 1);
            require(port.isEmpty() || port.startsWith(":"), "has something else than a port after its brackets");
            return new UriParts(scheme, userInfo, place.substring(1, end), afterColon(port), path, query);
        }
        int colon = firstOf(place, ":", 0);
        String host = place.substring(0, colon);
        require(HOST.matcher(host).matches(), "has a host name that is none; write @ in a password as %40");
        return new UriParts(scheme, userInfo, host, afterColon(place.substring(colon)), path, query);
    }

    private static String afterColon(String port) {
        return port.isEmpty() ? port : port.substring(1);
    }

    private static int firstOf(String text, String characters, int from) {
        for (int i = from; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    static void require(boolean met, String rule) {
        if (!met) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** 1 to 65535. */
    static int port(String text, int otherwise) {
        if (text.isEmpty()) {
            return otherwise;
        }
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        require(
                port > 0 && port <= PORT_MAX,
                "has a port that is not 1..65535; write / : ? # @ in a password as" + " %2F %3A %3F %23 %40");
        return port;
    }

    /** The user info before its first colon; all of it where there is none. */
    String userWord() {
        String text = userInfo == null ? "" : userInfo;
        return PercentCode.decoded(text.substring(0, firstOf(text, ":", 0)));
    }

    /** The user info after its first colon, or null. */
    @Nullable
    String passwordWord() {
        int colon = userInfo == null ? -1 : userInfo.indexOf(':');
        return userInfo == null || colon < 0 ? null : PercentCode.decoded(userInfo.substring(colon + 1));
    }

    /** Name and value of each parameter, decoded; of a name that comes twice the last one counts. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        String asked = query.endsWith("&") ? query.substring(0, query.length() - 1) : query;
        if (asked.isEmpty()) {
            return parameters;
        }
        for (String parameter : asked.split("&", -1)) {
            int equals = parameter.indexOf('=');
            require(
                    equals > 0 && equals == parameter.lastIndexOf('='),
                    "has a parameter that is not name=value; write" + " = & in a value as %3D %26");
            parameters.put(
                    PercentCode.decoded(parameter.substring(0, equals)),
                    PercentCode.decoded(parameter.substring(equals + 1)));
        }
        return parameters;
    }

    /**
     * The URI with another user info and its password parameter changed.
     *
     * @param shownUserInfo with its {@code @}, or empty
     * @param mask what stands for the password parameter's value; without one the parameter is left out
     */
    String shown(String shownUserInfo, @Nullable String mask) {
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        String parameters = query.isEmpty()
                ? ""
                : Stream.of(query.split("&", -1))
                        .filter(parameter -> mask != null || !isPassword(parameter))
                        .map(parameter -> isPassword(parameter) ? SECRET_PARAMETER + "=" + mask : parameter)
                        .collect(Collectors.joining("&"));
        return scheme + "://" + shownUserInfo + bracketed + (port.isEmpty() ? "" : ":" + port)
                + (path.isEmpty() ? "" : "/" + path)
                + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    private static boolean isPassword(String parameter) {
        return PercentCode.decoded(parameter.substring(0, firstOf(parameter, "=", 0)))
                .equals(SECRET_PARAMETER);
    }
}
