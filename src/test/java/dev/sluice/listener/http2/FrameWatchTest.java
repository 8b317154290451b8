package dev.sluice.listener.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has begun and not ended, wherever the bytes are cut. */
class FrameWatchTest {

    private static final long NOW = 1;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;
    private static final int ACK = 1;

    private final FrameWatch watch = new FrameWatch();

    private static ByteBuf preface() {
        return Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", US_ASCII);
    }

    private static ByteBuf frame(int type, int flags, int length) {
        return Unpooled.buffer()
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(1)
                .writeZero(length);
    }

    private void begun() {
        watch.read(preface(), NOW);
        watch.read(frame(SETTINGS, 0, 0), NOW);
    }

    @Test
    void theFirstFrameBeginsWithThePreface() {
        assertTrue(watch.unfinished() >= 0, "nothing came");
        assertEquals(0, watch.unfinishedBytes());
        watch.read(preface().slice(0, 23), NOW);
        assertTrue(watch.unfinished() >= 0);
        assertEquals(23, watch.unfinishedBytes());
        watch.read(preface().slice(23, 1), NOW);
        assertTrue(watch.unfinished() < 0);
        assertEquals(0, watch.unfinishedBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 16_384, 70_000})
    void aFrameEndsWithItsLastByteWhereverItIsCut(int length) {
        begun();
        ByteBuf frame = frame(0, 0, length);
        int bytes = frame.readableBytes();
        for (int cut = 1; cut < Math.min(bytes, 300); cut++) {
            ByteBuf all = Unpooled.wrappedBuffer(frame.duplicate(), frame.duplicate());
            watch.read(all.slice(0, cut), NOW);
            long first = watch.unfinished();
            assertTrue(first >= 0, "cut at " + cut);
            assertEquals(cut, watch.unfinishedBytes());
            watch.read(all.slice(cut, bytes), NOW);
            assertNotEquals(first, watch.unfinished(), "the next one is another");
            assertEquals(cut, watch.unfinishedBytes());
            watch.read(all.slice(bytes + cut, bytes - cut), NOW);
            assertTrue(watch.unfinished() < 0, "cut at " + cut);
        }
    }

    @Test
    void aHeadEndsWithTheLastOfItsFrames() {
        begun();
        watch.read(frame(HEADERS, 0, 10), NOW);
        long head = watch.unfinished();
        assertTrue(head >= 0);
        for (int i = 1; i <= 3; i++) {
            watch.read(frame(CONTINUATION, 0, 10), NOW);
            assertEquals(head, watch.unfinished());
            assertEquals(19 * (i + 1), watch.unfinishedBytes());
        }
        watch.read(frame(CONTINUATION, END_HEADERS, 0), NOW);
        assertTrue(watch.unfinished() < 0);
        assertTrue(watch.heard());
        assertFalse(watch.heard());
    }

    @Test
    void whatOnlyAsksForWorkIsCountedForAWhile() {
        begun();
        for (int i = 1; i < FrameWatch.CONTROL_FRAMES_MAX; i++) {
            watch.read(frame(PING, 0, 8), NOW);
            watch.read(frame(PING, ACK, 8), NOW);
            watch.read(frame(HEADERS, END_HEADERS, 1), NOW);
        }
        assertFalse(watch.isFlood(), "the settings were one");
        watch.read(frame(SETTINGS, 0, 6), NOW + 11_000_000_000L);
        watch.read(frame(PING, 0, 8), NOW + 11_000_000_000L);
        assertFalse(watch.isFlood(), "a new window");
        for (int i = 0; i < FrameWatch.CONTROL_FRAMES_MAX; i++) {
            watch.read(frame(PING, 0, 8), NOW + 12_000_000_000L);
        }
        assertTrue(watch.isFlood());
    }
}
