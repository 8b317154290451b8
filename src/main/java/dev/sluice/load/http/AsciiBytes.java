package dev.sluice.load.http;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Reads numbers and words out of a response's head. */
final class AsciiBytes {

    private static final Pattern CLOSE = Pattern.compile("(?i)(?:^|,)[ \\t]*close[ \\t]*(?:,|$)");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,5}");

    private AsciiBytes() {}

    static long number(byte[] bytes, int from, int to) throws ResponseParser.ProtocolException {
        long number = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                throw new ResponseParser.ProtocolException("no number: " + text(bytes, from, to));
            }
            number = number * 10 + bytes[i] - '0';
        }
        if (from == to || to - from > 12) {
            throw new ResponseParser.ProtocolException("no number: " + text(bytes, from, to));
        }
        return number;
    }

    static boolean is(byte[] bytes, int from, int to, String lower) {
        return to - from == lower.length() && is(bytes, from, lower);
    }

    static boolean is(byte[] bytes, int from, String lower) {
        for (int i = 0; i < lower.length(); i++) {
            int b = bytes[from + i];
            int folded = b >= 'A' && b <= 'Z' ? b | 0x20 : b;
            if (folded != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where what follows blanks and tabs begins. */
    static int afterBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Where blanks and tabs at the end begin. */
    static int beforeBlanks(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && isBlank(bytes[end - 1])) {
            end--;
        }
        return end;
    }

    private static boolean isBlank(byte one) {
        return one == ' ' || one == '\t';
    }

    /** Whether {@code close} is in the list, whatever else is. */
    static boolean listsClose(byte[] bytes, int from, int to) {
        return CLOSE.matcher(text(bytes, from, to)).find();
    }

    /** A number of seconds; something else where it is none, or one of more than a day. */
    static int seconds(byte[] bytes, int from, int to, int otherwise) {
        String text = text(bytes, from, to);
        return SECONDS.matcher(text).matches() ? Integer.parseInt(text) : otherwise;
    }

    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
