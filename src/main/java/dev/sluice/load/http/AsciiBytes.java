package dev.sluice.load.http;

import java.nio.charset.StandardCharsets;

/** Reads numbers and words out of a response's head. */
final class AsciiBytes {

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

    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
