package dev.sluice.auth;

import org.jspecify.annotations.Nullable;

/**
 * What an {@code Authorization} header carries. Only the scheme Bearer counts: with another one a client has shown
 * nothing to Sluice, as without the header.
 */
sealed interface Credentials {

    /** No header, or one for somebody else. */
    record None() implements Credentials {}

    /** The scheme is Bearer, and what follows is no token. */
    record Malformed() implements Credentials {}

    /** A key or a token, whatever it is worth. */
    record Bearer(String token) implements Credentials {}

    Credentials NONE = new None();
    Credentials MALFORMED = new Malformed();

    /** Longer than any token that fits a request head. */
    int LENGTH_MAX = 16 * 1024;

    String SCHEME = "bearer";

    /** Reads the value of the header; null is no header. */
    static Credentials of(@Nullable String authorization) {
        if (authorization == null) {
            return NONE;
        }
        int schemeEnd = authorization.indexOf(' ');
        String scheme = schemeEnd < 0 ? authorization.strip() : authorization.substring(0, schemeEnd);
        if (!SCHEME.equalsIgnoreCase(scheme)) {
            return NONE;
        }
        String token = schemeEnd < 0 ? "" : authorization.substring(schemeEnd).strip();
        return isToken(token) ? new Bearer(token) : MALFORMED;
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= LENGTH_MAX;
    }
}
