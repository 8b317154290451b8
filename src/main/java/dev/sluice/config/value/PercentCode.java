package dev.sluice.config.value;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoded text, as both {@code psql} and {@code redis-cli} decode it: strictly, and a {@code +} is a plus. */
final class PercentCode {

    private static final int ESCAPE_LENGTH = 3;
    private static final int HEX = 16;

    private PercentCode() {}

    /**
     * The text that is meant.
     *
     * @throws IllegalArgumentException without the text, which may be a password
     */
    static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(escaped(text, i));
                i += ESCAPE_LENGTH - 1;
            } else {
                int next = text.offsetByCodePoints(i, 1);
                bytes.writeBytes(text.substring(i, next).getBytes(StandardCharsets.UTF_8));
                i = next - 1;
            }
        }
        return utf8(bytes.toByteArray());
    }

    private static int escaped(String text, int at) {
        int high = digit(text, at + 1);
        int low = digit(text, at + 2);
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException("has a % that is not followed by two hex digits; a % itself is %25");
        }
        if (high == 0 && low == 0) {
            throw new IllegalArgumentException("has a %00, which no store takes");
        }
        return high * HEX + low;
    }

    private static int digit(String text, int at) {
        return at < text.length() ? Character.digit(text.charAt(at), HEX) : -1;
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8 once it is decoded", e);
        }
    }
}
