package dev.sluice.log;

/**
 * Makes text one harmless line. Whatever a client can put into a message (newline, ESC, the C1 controls, line
 * separators, marks that turn the direction of writing) becomes its escape, so that it can neither forge a line nor
 * drive a terminal.
 */
public final class Escape {

    private Escape() {}

    /** The text itself where it is harmless. */
    public static String line(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isHarmful(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    private static String escaped(String text) {
        StringBuilder line = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> append(line, (char) c));
        return line.toString();
    }

    private static void append(StringBuilder line, char c) {
        switch (c) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (isHarmful(c)) {
                    line.append(String.format("\\u%04x", (int) c));
                } else {
                    line.append(c);
                }
            }
        }
    }

    private static boolean isHarmful(char c) {
        return c < 0x20
                || (c >= 0x7F && c < 0xA0)
                || (c >= 0x2028 && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0x200E
                || c == 0x200F
                || c == 0xFEFF;
    }
}
