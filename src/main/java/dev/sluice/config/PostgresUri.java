package dev.sluice.config;

import java.util.regex.Pattern;

/**
 * Where PostgreSQL is, as {@value #FORM}. It prints without its password.
 *
 * @param value the whole URI, password included; {@code psql} takes it as it stands
 */
public record PostgresUri(String value) {

    /** The form, for messages. */
    public static final String FORM = "postgresql://user:password@host:5432/database";

    private static final Pattern SYNTAX = Pattern.compile("postgres(?:ql)?://"
            + "(?:[^/?#@\\s]*@)?"
            + "(?:\\[[0-9a-fA-F:.]+]|[^/:?#@,\\[\\]\\s]+)(?::[0-9]{1,5})?"
            + "/[^/?#\\s]+"
            + "(?:\\?[^#\\s]*)?");
    private static final Pattern USERINFO_PASSWORD = Pattern.compile("(://[^:/?#]*):.*@", Pattern.DOTALL);
    private static final Pattern QUERY_PASSWORD = Pattern.compile("(?i)([?&][a-z]*password=)[^&#]*");

    public PostgresUri {
        if (!SYNTAX.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "is not " + FORM + " (one host; percent-encode / ? # @ and spaces in the password)");
        }
    }

    /** Any text with the passwords of the URIs in it made unreadable. */
    static String mask(String text) {
        String masked = USERINFO_PASSWORD.matcher(text).replaceAll("$1:" + Secret.MASK + "@");
        return QUERY_PASSWORD.matcher(masked).replaceAll("$1" + Secret.MASK);
    }

    /** The same without its password: {@code psql} takes it, and asks. */
    public String withoutPassword() {
        String anonymous = USERINFO_PASSWORD.matcher(value).replaceAll("$1@");
        return QUERY_PASSWORD.matcher(anonymous).replaceAll("");
    }

    @Override
    public String toString() {
        return mask(value);
    }
}
