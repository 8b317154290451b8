package dev.sluice.config;

import java.util.regex.Pattern;

/**
 * Where Redis is, as {@value #FORM}; {@code rediss} for TLS. It prints without its password.
 *
 * @param value the whole URI, password included; {@code redis-cli -u} takes it as it stands
 */
public record RedisUri(String value) {

    /** The form, for messages. */
    public static final String FORM = "redis://user:password@host:6379";

    private static final Pattern SYNTAX = Pattern.compile("rediss?://"
            + "(?:[^/?#@\\s]*@)?"
            + "(?:\\[[0-9a-fA-F:.]+]|[^/:?#@,\\[\\]\\s]+)(?::[0-9]{1,5})?"
            + "(?:/[0-9]{0,5})?"
            + "(?:\\?[^#\\s]*)?");

    public RedisUri {
        if (!SYNTAX.matcher(value).matches()) {
            throw new IllegalArgumentException("is not " + FORM
                    + " (one host, a database number at most; percent-encode / ? # @ and spaces in the password)");
        }
    }

    /** The same without its password: {@code redis-cli -u} takes it, and asks with {@code --askpass}. */
    public String withoutPassword() {
        return Passwords.removed(value);
    }

    @Override
    public String toString() {
        return Passwords.masked(value);
    }
}
