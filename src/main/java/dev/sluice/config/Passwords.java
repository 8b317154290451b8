package dev.sluice.config;

import java.util.regex.Pattern;

/** The passwords of URIs, found in any text: a log or a message must not show one, also where the URI is ill-formed. */
final class Passwords {

    private static final Pattern USERINFO = Pattern.compile("(://[^:/?#]*):.*@", Pattern.DOTALL);
    private static final Pattern QUERY = Pattern.compile("(?i)([?&][a-z]*password=)[^&#]*");

    private Passwords() {}

    static String masked(String text) {
        String masked = USERINFO.matcher(text).replaceAll("$1:" + Secret.MASK + "@");
        return QUERY.matcher(masked).replaceAll("$1" + Secret.MASK);
    }

    static String removed(String uri) {
        return QUERY.matcher(USERINFO.matcher(uri).replaceAll("$1@")).replaceAll("");
    }
}
