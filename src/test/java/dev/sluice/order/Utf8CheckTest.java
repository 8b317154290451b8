package dev.sluice.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8CheckTest {

    @Test
    void itAgreesWithTheJdkOnRandomBytesButForNulAndByteOrderMarks() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = ("x" + "é€😀abcdefgh".repeat(random.nextInt(2))).getBytes(UTF_8);
            byte[] tail = new byte[random.nextInt(6)];
            for (int i = 0; i < tail.length; i++) {
                tail[i] = (byte) (random.nextInt(3) > 0 ? 0x80 + random.nextInt(0x80) : 1 + random.nextInt(0x7F));
            }
            byte[] all = ByteBuffer.allocate(bytes.length + tail.length)
                    .put(bytes)
                    .put(tail)
                    .array();
            assertEquals(firstBadOfJdk(all), Utf8Check.firstBad(all, 0, all.length), () -> "seed " + seed);
        }
    }

    @Test
    void everyCodePointButNulIsFine() {
        StringBuilder all = new StringBuilder();
        for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                all.appendCodePoint(c);
            }
        }
        byte[] bytes = all.toString().getBytes(UTF_8);
        assertEquals(-1, Utf8Check.firstBad(bytes, 0, bytes.length));
    }

    @Test
    void aNulByteIsFoundWhereverItStands() {
        for (int at = 0; at < 40; at++) {
            byte[] bytes = "x".repeat(40).getBytes(UTF_8);
            bytes[at] = 0;
            assertEquals(at, Utf8Check.firstBad(bytes, 0, bytes.length));
        }
    }

    @Test
    void itLooksOnlyWhereItIsTold() {
        byte[] bytes = {0, 'a', (byte) 0xC3, (byte) 0xA9, 0};
        assertEquals(-1, Utf8Check.firstBad(bytes, 1, 4));
        assertEquals(2, Utf8Check.firstBad(bytes, 1, 3));
        assertEquals(-1, Utf8Check.firstBad(bytes, 1, 1));
    }

    private static int firstBadOfJdk(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = UTF_8.newDecoder().decode(in, CharBuffer.allocate(bytes.length), true);
        return result.isError() ? in.position() : -1;
    }
}
