package dev.sluice.config.file;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Names of files as they come from a command line, the environment or a file. Java reads and writes them in the
 * character set of the locale: with {@code LANG} unset or {@code C} that is ASCII.
 */
public final class PathText {

    private static final String MEND =
            "Java reads names of files in the character set of the locale (LC_ALL, LANG), here %s: set LC_ALL=C.UTF-8";

    private PathText() {}

    /**
     * Reads a path.
     *
     * @throws IllegalArgumentException says what is wrong and what mends it
     */
    public static Path parse(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            boolean byLocale = !isUtf8() && text.chars().anyMatch(character -> character > '~');
            String why = byLocale ? MEND.formatted(charset()) : e.getReason();
            throw new IllegalArgumentException("'" + text + "' is no path: " + why, e);
        }
    }

    /** What is wrong with the name of the folder that this process runs in; null where nothing is. */
    public static @Nullable String troubleHere() {
        String here = System.getProperty("user.dir", "");
        boolean unreadable = !isUtf8() && !new File(here).isDirectory();
        return unreadable
                ? "the name of this folder cannot be read, and no path relative to it: " + MEND.formatted(charset())
                : null;
    }

    private static boolean isUtf8() {
        return charset().equals("UTF-8");
    }

    private static String charset() {
        return System.getProperty("sun.jnu.encoding", "UTF-8");
    }
}
