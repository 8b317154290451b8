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

    public PostgresUri {
        if (!SYNTAX.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "is not " + FORM + " (one host; percent-encode / ? # @ and spaces in the password)");
        }
    }

    /** The same without its password: {@code psql} takes it, and asks. */
    public String withoutPassword() {
        return Passwords.removed(value);
    }

    @Override
    public String toString() {
        return Passwords.masked(value);
    }
}
