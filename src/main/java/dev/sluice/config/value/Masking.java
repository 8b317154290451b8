package dev.sluice.config.value;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the passwords of store URIs out of any text, also where a URI is ill-formed: too much rather than too little. */
final class Masking {

    /** From the scheme of a store to the end of the text: an ill-formed password can hold anything. */
    private static final Pattern URI =
            Pattern.compile("(?i)\\b(postgres(?:ql)?|rediss?|unix|redis[+-][a-z]+)(://)(.*)", Pattern.DOTALL);

    /** A place without user info. What follows a colon is a port, or else a password that lost its host. */
    private static final Pattern PLACE_ALONE =
            Pattern.compile("(?:\\[[0-9a-fA-F:.]*]|[\\w.-]*)(?::[0-9]{1,5})?(?:[/?][^\\s'\"]*)?(?=$|[\\s'\",;)])");

    private static final Pattern PARAMETER =
            Pattern.compile("(?i)((?:^|[?&\\s'\"])[a-z]*pass(?:word|wd)?=)[^&#\\s'\"]*");

    private Masking() {}

    static String masked(String text) {
        String masked = URI.matcher(text).replaceAll((MatchResult uri) -> Matcher.quoteReplacement(masked(uri)));
        return PARAMETER.matcher(masked).replaceAll("$1" + Secret.MASK);
    }

    private static String masked(MatchResult uri) {
        String scheme = uri.group(1) + uri.group(2);
        String rest = uri.group(3);
        int end = rest.lastIndexOf('@');
        if (end < 0) {
            return scheme + (PLACE_ALONE.matcher(rest).lookingAt() ? rest : Secret.MASK);
        }
        return scheme + userInfo(uri.group(1), rest.substring(0, end)) + rest.substring(end);
    }

    /** The one word that Redis takes is a password, the one that PostgreSQL takes a user. */
    private static String userInfo(String scheme, String text) {
        if (text.equals("user:password")) {
            return text; // the form that messages show
        }
        int colon = text.indexOf(':');
        if (colon >= 0) {
            return text.substring(0, colon + 1) + Secret.MASK;
        }
        return scheme.toLowerCase(Locale.ROOT).startsWith("postgres") ? text : Secret.MASK;
    }
}
