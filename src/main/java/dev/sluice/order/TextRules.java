package dev.sluice.order;

import org.jspecify.annotations.Nullable;

/** What texts in an order may look like. Each rule answers null, or the detail of the fault. */
final class TextRules {

    /** Upper bound of customer ids and SKUs, Unicode code points; of client order ids, characters. */
    static final int CHARACTERS_MAX = 64;

    private static final String LENGTH = "must be 1.." + CHARACTERS_MAX + " characters";
    private static final String SURROGATE = "must not contain a lone surrogate";

    private TextRules() {}

    /** 1 to 64 code points, no control characters (Unicode category Cc: C0, DEL and C1), no lone surrogates. */
    static @Nullable String name(String text) {
        int length = text.length();
        boolean plain = length <= CHARACTERS_MAX;
        for (int i = 0; plain && i < length; i++) {
            char c = text.charAt(i);
            plain = c >= ' ' && c < 0x7F;
        }
        if (!plain) {
            return unusualName(text);
        }
        return length == 0 ? LENGTH : null;
    }

    private static @Nullable String unusualName(String text) {
        if (firstLoneSurrogate(text, 0) >= 0) {
            return SURROGATE;
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            return "must not contain control characters";
        }
        return text.codePointCount(0, text.length()) > CHARACTERS_MAX ? LENGTH : null;
    }

    /** 1 to 64 of printable ASCII without space. */
    static @Nullable String clientOrderId(String text) {
        int length = text.length();
        boolean fits = length >= 1 && length <= CHARACTERS_MAX;
        for (int i = 0; fits && i < length; i++) {
            char c = text.charAt(i);
            fits = c >= 0x21 && c <= 0x7E;
        }
        return fits ? null : "must be 1.." + CHARACTERS_MAX + " printable ASCII characters without space";
    }

    /** Any text that the stores can hold: no NUL, no lone surrogates. */
    static @Nullable String attribute(String text) {
        boolean plain = true;
        for (int i = 0; plain && i < text.length(); i++) {
            char c = text.charAt(i);
            plain = c > 0 && !Character.isSurrogate(c);
        }
        return plain ? null : unusualAttribute(text);
    }

    private static @Nullable String unusualAttribute(String text) {
        if (text.indexOf(0) >= 0) {
            return "must not contain a NUL character";
        }
        return firstLoneSurrogate(text, 0) >= 0 ? SURROGATE : null;
    }

    /** Index of the first surrogate without its partner from {@code from} on, or -1. */
    static int firstLoneSurrogate(CharSequence text, int from) {
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
            if (Character.isSurrogate(c) && !pair) {
                return i;
            }
            i += pair ? 2 : 1;
        }
        return -1;
    }
}
