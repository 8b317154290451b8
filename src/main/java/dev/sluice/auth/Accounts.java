package dev.sluice.auth;

import java.util.regex.Pattern;

/** Whose orders these are. */
public final class Accounts {

    /** The account of clients without credentials, where nothing says otherwise. */
    public static final String DEFAULT = "default";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private Accounts() {}

    /** Whether that may be an account's name. */
    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }
}
