package dev.sluice.config.value;

import java.util.regex.Pattern;

/**
 * What a verticle is made of: the name of a class, or {@code groovy:} and the path of a source file.
 *
 * @param text as written
 */
public record VerticleName(String text) {

    /** For the reference: what may be written. */
    public static final String FORM = "the name of a class, such as org.example.Total, or groovy:FILE.groovy";

    private static final String GROOVY = "groovy:";
    private static final String GROOVY_FILE = ".groovy";
    private static final Pattern CLASS =
            Pattern.compile("\\p{javaJavaIdentifierStart}[\\p{javaJavaIdentifierPart}.]{0,249}");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException says what is allowed
     */
    public VerticleName {
        boolean groovy = text.startsWith(GROOVY)
                && text.endsWith(GROOVY_FILE)
                && text.length() > GROOVY.length() + GROOVY_FILE.length();
        if (!groovy && (!CLASS.matcher(text).matches() || text.contains("..") || text.endsWith("."))) {
            throw new IllegalArgumentException("'" + text + "' is no verticle: write " + FORM);
        }
    }

    /** Whether it is a source file, not a class. */
    public boolean isGroovy() {
        return text.startsWith(GROOVY);
    }

    /** The path or the class. */
    public String target() {
        return isGroovy() ? text.substring(GROOVY.length()) : text;
    }

    @Override
    public String toString() {
        return text;
    }
}
