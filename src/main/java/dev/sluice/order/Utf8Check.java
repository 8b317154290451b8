package dev.sluice.order;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where bytes stop being the UTF-8 text a document may consist of. Refused beyond ill-formed sequences (overlong
 * forms, encoded surrogates, above U+10FFFF, cut short): the NUL byte, which no valid document holds and which marks
 * UTF-16 and UTF-32, and a byte order mark at the start.
 *
 * <p>The JSON parser decodes leniently; behind this check it only ever sees well-formed text.
 */
final class Utf8Check {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long ONES = 0x0101010101010101L;

    private Utf8Check() {}

    /** Index of the first byte that is refused, or -1 where all of {@code bytes[from..to)} is fine. */
    static int firstBad(byte[] bytes, int from, int to) {
        if (startsWithByteOrderMark(bytes, from, to)) {
            return from;
        }
        int i = from;
        while (i < to) {
            i = skipAscii(bytes, i, to);
            if (i == to) {
                return -1;
            }
            int length = sequenceLength(bytes, i, to);
            if (length == 0) {
                return i;
            }
            i += length;
        }
        return -1;
    }

    private static boolean startsWithByteOrderMark(byte[] bytes, int from, int to) {
        return to - from >= 3
                && bytes[from] == (byte) 0xEF
                && bytes[from + 1] == (byte) 0xBB
                && bytes[from + 2] == (byte) 0xBF;
    }

    private static int skipAscii(byte[] bytes, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to) {
            long eight = (long) LONGS.get(bytes, i);
            if (((eight | (eight - ONES)) & HIGH_BITS) != 0) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < to && bytes[i] > 0) {
            i++;
        }
        return i;
    }

    /** Bytes of the well-formed sequence at {@code i}, or 0. */
    private static int sequenceLength(byte[] bytes, int i, int to) {
        int lead = bytes[i] & 0xFF;
        int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length == 0 || i + length > to || !secondFits(lead, bytes[i + 1] & 0xFF)) {
            return 0;
        }
        for (int k = 2; k < length; k++) {
            if ((bytes[i + k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** Table 3-7 of the Unicode standard: the second byte carries the bounds that the lead byte cannot. */
    private static boolean secondFits(int lead, int second) {
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= low && second <= high;
    }
}
