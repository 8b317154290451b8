package dev.sluice.listener.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AsciiString;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a plain order at the front of what was read: {@code POST /orders HTTP/1.1}, headers of letters, digits and
 * hyphens with visible values, each name once, a length, and the whole body. A header that would change how the request
 * is read, or who sent it, makes it none; one that means nothing to Sluice does not. Everything it takes Vert.x's decoder
 * would have taken, and read the same. One per intake instance, on its event loop.
 */
public final class PlainOrders {

    /** Head and body; a longer request goes the general way. */
    static final int BYTES_MAX = 4 * 1024;

    private static final int HEADERS_MAX = 24;
    private static final int DIGITS_MAX = 4;
    private static final AsciiString LINE = AsciiString.of("POST /orders HTTP/1.1\r\n");
    private static final long LINE_BEGINNING =
            Unpooled.wrappedBuffer(LINE.array()).getLong(0);
    private static final AsciiString CONTENT_LENGTH = AsciiString.of("content-length");
    private static final AsciiString CONNECTION = AsciiString.of("connection");
    private static final AsciiString KEEP_ALIVE = AsciiString.of("keep-alive");
    private static final List<AsciiString> NOT_PLAIN = List.of(
            AsciiString.of("transfer-encoding"),
            AsciiString.of("content-encoding"),
            AsciiString.of("expect"),
            AsciiString.of("upgrade"),
            AsciiString.of("http2-settings"),
            AsciiString.of("te"),
            AsciiString.of("trailer"),
            AsciiString.of("origin"),
            AsciiString.of("sec-fetch-site"));

    private final int headerBytesMax;
    private final Handler<PlainRequest> handler;

    /** What is being looked at; the next request is written over it. The other two show the same bytes. */
    private final byte[] bytes = new byte[BYTES_MAX];

    private final AsciiString text = new AsciiString(bytes, false);
    private final ByteBuf buffer = Unpooled.wrappedBuffer(bytes);

    private final int[] marks = new int[PlainRequest.MARKS * HEADERS_MAX];
    private int marked;
    private int contentLength;

    /**
     * Orders for a handler.
     *
     * @param headerBytesMax of a head, as the general way has it
     */
    public PlainOrders(int headerBytesMax, Handler<PlainRequest> handler) {
        this.headerBytesMax = headerBytesMax;
        this.handler = handler;
    }

    /** The plain order at the reader's place, which moves behind it; or null, and then it stays. */
    public @Nullable PlainRequest next(ByteBuf in, HttpConnection connection, ChannelHandlerContext ctx) {
        int length = Math.min(in.readableBytes(), BYTES_MAX);
        if (length < LINE.length() || in.getLong(in.readerIndex()) != LINE_BEGINNING) {
            return null;
        }
        in.getBytes(in.readerIndex(), bytes, 0, length);
        int head = headEnd(length);
        if (head < 0 || contentLength == 0 || head + contentLength > length) {
            return null;
        }
        in.skipBytes(head + contentLength);
        return new PlainRequest(
                connection,
                ctx,
                new AsciiString(bytes, 0, head, true),
                Arrays.copyOf(marks, marked),
                BufferInternal.buffer(buffer.slice(head, contentLength)));
    }

    /** Serves one before the next is looked at. */
    public void serve(PlainRequest request) {
        handler.handle(request);
        request.keepBody();
    }

    /** The index behind the head's empty line; -1 where the head is not plain, or not whole. */
    private int headEnd(int length) {
        marked = 0;
        contentLength = 0;
        int at = text.regionMatches(false, 0, LINE, 0, LINE.length()) ? LINE.length() : -1;
        while (at > 0 && !isLineEnd(at, length)) {
            at = marked == marks.length ? -1 : headerEnd(at, length);
        }
        int end = at + 2;
        return at > 0 && end - LINE.length() <= headerBytesMax ? end : -1;
    }

    private boolean isLineEnd(int at, int length) {
        return at + 1 < length && bytes[at] == '\r' && bytes[at + 1] == '\n';
    }

    /** The index behind a header's line; -1 where the header is not plain. */
    private int headerEnd(int name, int length) {
        int colon = name;
        while (colon < length && isOfName(bytes[colon])) {
            colon++;
        }
        if (colon == name || colon + 1 >= length || bytes[colon] != ':') {
            return -1;
        }
        int value = bytes[colon + 1] == ' ' ? colon + 2 : colon + 1;
        int end = value;
        while (end < length && bytes[end] >= ' ' && bytes[end] <= '~') {
            end++;
        }
        boolean trimmed = end > value && bytes[value] != ' ' && bytes[end - 1] != ' ';
        return trimmed && isLineEnd(end, length) && isPlain(name, colon, value, end) ? end + 2 : -1;
    }

    private static boolean isOfName(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-';
    }

    private boolean isPlain(int name, int colon, int value, int end) {
        int length = colon - name;
        for (AsciiString other : NOT_PLAIN) {
            if (is(name, length, other)) {
                return false;
            }
        }
        for (int i = 0; i < marked; i += PlainRequest.MARKS) {
            if (marks[i + 1] - marks[i] == length && text.regionMatches(true, name, text, marks[i], length)) {
                return false;
            }
        }
        marks[marked++] = name;
        marks[marked++] = colon;
        marks[marked++] = value;
        marks[marked++] = end;
        return is(name, length, CONTENT_LENGTH)
                ? readLength(value, end)
                : !is(name, length, CONNECTION) || is(value, end - value, KEEP_ALIVE);
    }

    private boolean is(int at, int length, AsciiString lowerCase) {
        return lowerCase.length() == length && text.regionMatches(true, at, lowerCase, 0, length);
    }

    private boolean readLength(int from, int to) {
        boolean digits = to - from <= DIGITS_MAX && bytes[from] != '0';
        for (int i = from; digits && i < to; i++) {
            digits = bytes[i] >= '0' && bytes[i] <= '9';
            contentLength = contentLength * 10 + bytes[i] - '0';
        }
        return digits;
    }
}
