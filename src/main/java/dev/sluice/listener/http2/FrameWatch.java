package dev.sluice.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.concurrent.TimeUnit;

/**
 * Follows the frames of one client by their first nine bytes, for what Netty does not tell: whether one has begun and
 * not ended, how much of it waits, and how many came that only ask for work. On its connection's event loop.
 */
final class FrameWatch {

    /** PING, SETTINGS and PRIORITY in {@value #WINDOW_SECONDS} s; a client that measures its line sends some tens. */
    static final int CONTROL_FRAMES_MAX = 1_000;

    private static final int WINDOW_SECONDS = 10;
    private static final int PREFACE_BYTES = 24;
    private static final int HEAD_BYTES = 9;
    private static final int LENGTH_BYTES = 3;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;

    private int prefaceLeft = PREFACE_BYTES;
    private int headCame;
    private int payloadLeft;
    private int type;
    private short flags;
    private boolean inHeaders;
    private boolean heard;
    private long number;
    private int bytes;
    private int controlFrames;
    private long windowBeganNanos;

    /** Sees what came; the reader's place stays. */
    void read(ByteBuf in, long nowNanos) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end) {
            int taken = take(in, at, end - at, nowNanos);
            bytes += taken;
            at += taken;
            endIfWhole();
        }
    }

    private int take(ByteBuf in, int at, int length, long nowNanos) {
        if (prefaceLeft > 0) {
            int taken = Math.min(prefaceLeft, length);
            prefaceLeft -= taken;
            return taken;
        }
        if (headCame < HEAD_BYTES) {
            head(in.getUnsignedByte(at), nowNanos);
            return 1;
        }
        int taken = Math.min(payloadLeft, length);
        payloadLeft -= taken;
        return taken;
    }

    private void head(short next, long nowNanos) {
        if (headCame < LENGTH_BYTES) {
            payloadLeft = (headCame == 0 ? 0 : payloadLeft << Byte.SIZE) | next;
        } else if (headCame == TYPE_AT) {
            type = next;
        } else if (headCame == FLAGS_AT) {
            flags = next;
        }
        headCame++;
        if (headCame == HEAD_BYTES) {
            begun(nowNanos);
        }
    }

    private void begun(long nowNanos) {
        boolean isAck = (flags & Http2Flags.ACK) != 0;
        switch (type) {
            case Http2FrameTypes.DATA, Http2FrameTypes.HEADERS, Http2FrameTypes.CONTINUATION -> heard = true;
            case Http2FrameTypes.PRIORITY -> countControlFrame(nowNanos);
            case Http2FrameTypes.SETTINGS, Http2FrameTypes.PING -> {
                if (!isAck) {
                    countControlFrame(nowNanos);
                }
            }
            default -> {
                // Netty looks after the others, or they mean nothing.
            }
        }
    }

    private void countControlFrame(long nowNanos) {
        if (nowNanos - windowBeganNanos > TimeUnit.SECONDS.toNanos(WINDOW_SECONDS)) {
            windowBeganNanos = nowNanos;
            controlFrames = 0;
        }
        controlFrames++;
    }

    private void endIfWhole() {
        if (prefaceLeft > 0 || (headCame > 0 && (headCame < HEAD_BYTES || payloadLeft > 0))) {
            return;
        }
        if (headCame == HEAD_BYTES && (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION)) {
            inHeaders = (flags & Http2Flags.END_HEADERS) == 0;
        }
        headCame = 0;
        if (!inHeaders) {
            number++;
            bytes = 0;
        }
    }

    /** The number of the frame, or of the head in several of them, that has not ended; negative where there is none. */
    long unfinished() {
        return prefaceLeft > 0 || headCame > 0 || inHeaders ? number : -1;
    }

    /** Bytes of it that came: Netty holds them until it is whole. */
    int unfinishedBytes() {
        return unfinished() < 0 ? 0 : bytes;
    }

    /** Whether something of a request came since the last call. */
    boolean heard() {
        boolean before = heard;
        heard = false;
        return before;
    }

    /** Whether too many frames came that only ask for work. */
    boolean isFlood() {
        return controlFrames > CONTROL_FRAMES_MAX;
    }
}
