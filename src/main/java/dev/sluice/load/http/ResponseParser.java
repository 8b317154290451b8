package dev.sluice.load.http;

import dev.sluice.load.run.Response;
import java.util.Arrays;

/**
 * Reads HTTP/1.1 responses as they arrive, in pieces of any size. Knows what a load client needs: status, body by
 * content length or chunks, and the headers Connection, Retry-After, Idempotent-Replayed and Location. One per
 * connection, one thread; keeps the body only where asked to, and at most {@value #BODY_BYTES_MAX} bytes of it.
 */
final class ResponseParser implements Response {

    /** Upper bound of a body that is kept. */
    static final int BODY_BYTES_MAX = 16 * 1024 * 1024;

    private static final int LINE_BYTES_MAX = 16 * 1024;
    private static final int UUID_CHARS = 36;
    private static final int KEEP_STATUS_MIN = 300;

    /** What is no HTTP response that this client understands; the connection is of no more use. */
    static final class ProtocolException extends Exception {

        private static final long serialVersionUID = 1L;

        ProtocolException(String message) {
            super(message);
        }
    }

    private enum Part {
        STATUS_LINE,
        HEADERS,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        DONE
    }

    private final boolean keepsEveryBody;
    private final boolean readsOrderId;
    private byte[] line = new byte[256];
    private int lineBytes;
    private byte[] body = new byte[0];
    private int bodyBytes;
    private Part part = Part.STATUS_LINE;
    private long remaining;
    private boolean chunked;
    private int status;
    private int retryAfterSeconds;
    private boolean closes;
    private boolean replayed;
    private String orderId = "";

    /**
     * For one connection.
     *
     * @param keepsEveryBody also of 2xx answers; those from 300 on are always kept
     * @param readsOrderId from the Location header
     */
    ResponseParser(boolean keepsEveryBody, boolean readsOrderId) {
        this.keepsEveryBody = keepsEveryBody;
        this.readsOrderId = readsOrderId;
    }

    /** Makes ready for the next response. */
    void reset() {
        part = Part.STATUS_LINE;
        lineBytes = 0;
        bodyBytes = 0;
        remaining = -1;
        chunked = false;
        retryAfterSeconds = 0;
        closes = false;
        replayed = false;
        orderId = "";
    }

    /**
     * Takes bytes up to the end of the response.
     *
     * @return where it stopped: {@code to}, or less where the response is done
     */
    int parse(byte[] bytes, int from, int to) throws ProtocolException {
        int at = from;
        while (at < to && part != Part.DONE) {
            boolean inBody = part == Part.BODY || part == Part.CHUNK;
            at = inBody ? takeBody(bytes, at, to) : takeLine(bytes, at, to);
        }
        return at;
    }

    boolean isDone() {
        return part == Part.DONE;
    }

    private int takeBody(byte[] bytes, int from, int to) throws ProtocolException {
        int taken = (int) Math.min(remaining, to - from);
        if (keepsEveryBody || status >= KEEP_STATUS_MIN) {
            keep(bytes, from, taken);
        }
        remaining -= taken;
        if (remaining == 0) {
            part = part == Part.CHUNK ? Part.CHUNK_END : Part.DONE;
        }
        return from + taken;
    }

    private void keep(byte[] bytes, int from, int length) throws ProtocolException {
        if (bodyBytes + length > BODY_BYTES_MAX) {
            throw new ProtocolException("a body of more than " + BODY_BYTES_MAX + " bytes");
        }
        if (bodyBytes + length > body.length) {
            body = Arrays.copyOf(body, Math.max(2 * body.length, bodyBytes + length));
        }
        System.arraycopy(bytes, from, body, bodyBytes, length);
        bodyBytes += length;
    }

    /** A line that lies whole in the input is read where it lies. */
    private int takeLine(byte[] bytes, int from, int to) throws ProtocolException {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        if (at == to) {
            gather(bytes, from, to);
            return to;
        }
        if (lineBytes == 0) {
            endOfLine(bytes, from, withoutReturn(bytes, from, at));
        } else {
            gather(bytes, from, at);
            int length = lineBytes;
            lineBytes = 0;
            endOfLine(line, 0, withoutReturn(line, 0, length));
        }
        return at + 1;
    }

    private void gather(byte[] bytes, int from, int to) throws ProtocolException {
        int length = to - from;
        if (lineBytes + length > LINE_BYTES_MAX) {
            throw new ProtocolException("a line of more than " + LINE_BYTES_MAX + " bytes");
        }
        if (lineBytes + length > line.length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, lineBytes + length));
        }
        System.arraycopy(bytes, from, line, lineBytes, length);
        lineBytes += length;
    }

    private static int withoutReturn(byte[] bytes, int from, int to) {
        return to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    }

    private void endOfLine(byte[] bytes, int from, int to) throws ProtocolException {
        switch (part) {
            case STATUS_LINE -> statusLine(bytes, from, to);
            case HEADERS -> header(bytes, from, to);
            case CHUNK_SIZE -> chunkSize(bytes, from, to);
            case CHUNK_END -> part = Part.CHUNK_SIZE;
            default -> part = from == to ? Part.DONE : Part.TRAILERS;
        }
    }

    private void statusLine(byte[] bytes, int from, int to) throws ProtocolException {
        boolean http = to - from >= 12 && bytes[from] == 'H' && bytes[from + 4] == '/' && bytes[from + 8] == ' ';
        if (!http) {
            throw new ProtocolException("not HTTP: " + AsciiBytes.text(bytes, from, Math.min(to, from + 40)));
        }
        status = (int) AsciiBytes.number(bytes, from + 9, from + 12);
        closes = bytes[from + 7] == '0';
        part = Part.HEADERS;
    }

    private void header(byte[] bytes, int from, int to) throws ProtocolException {
        if (from == to) {
            endOfHead();
            return;
        }
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        int value = AsciiBytes.afterBlanks(bytes, Math.min(to, colon + 1), to);
        known(bytes, from, colon - from, value, AsciiBytes.beforeBlanks(bytes, value, to));
    }

    /** Names are told apart by their length first: most headers cost no comparison. */
    private void known(byte[] bytes, int name, int nameBytes, int from, int to) throws ProtocolException {
        switch (nameBytes) {
            case 8 -> location(bytes, name, from, to);
            case 10 -> closes |= AsciiBytes.is(bytes, name, "connection") && AsciiBytes.listsClose(bytes, from, to);
            case 11 -> retryAfter(bytes, name, from, to);
            case 14 -> contentLength(bytes, name, from, to);
            case 17 ->
                chunked |= AsciiBytes.is(bytes, name, "transfer-encoding") && AsciiBytes.is(bytes, from, to, "chunked");
            case 19 ->
                replayed |= AsciiBytes.is(bytes, name, "idempotent-replayed") && AsciiBytes.is(bytes, from, to, "true");
            default -> {}
        }
    }

    /** Ends in the order's id. */
    private void location(byte[] bytes, int name, int from, int to) {
        if (readsOrderId && to - from >= UUID_CHARS && AsciiBytes.is(bytes, name, "location")) {
            orderId = AsciiBytes.text(bytes, to - UUID_CHARS, to);
        }
    }

    /** A date is taken for "not at once". */
    private void retryAfter(byte[] bytes, int name, int from, int to) {
        if (AsciiBytes.is(bytes, name, "retry-after")) {
            retryAfterSeconds = AsciiBytes.seconds(bytes, from, to, 1);
        }
    }

    private void contentLength(byte[] bytes, int name, int from, int to) throws ProtocolException {
        if (AsciiBytes.is(bytes, name, "content-length")) {
            remaining = AsciiBytes.number(bytes, from, to);
        }
    }

    private void endOfHead() throws ProtocolException {
        if (status < 200) {
            part = Part.STATUS_LINE;
        } else if (status == 204 || status == 304) {
            part = Part.DONE;
        } else if (chunked) {
            part = Part.CHUNK_SIZE;
        } else if (remaining < 0) {
            throw new ProtocolException("neither a content length nor chunks");
        } else {
            part = remaining == 0 ? Part.DONE : Part.BODY;
        }
    }

    private void chunkSize(byte[] bytes, int from, int to) throws ProtocolException {
        long size = 0;
        int at = from;
        while (at < to && Character.digit(bytes[at], 16) >= 0) {
            size = size * 16 + Character.digit(bytes[at++], 16);
        }
        if (at == from || at - from > 8) {
            throw new ProtocolException("no chunk size: " + AsciiBytes.text(bytes, from, Math.min(to, from + 40)));
        }
        remaining = size;
        part = size == 0 ? Part.TRAILERS : Part.CHUNK;
    }

    @Override
    public int status() {
        return status;
    }

    /** Whether the server ends the connection with this response. */
    boolean closes() {
        return closes;
    }

    /** 0 where the server did not ask for it. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Whether it is the answer to an earlier request with the same key. */
    @Override
    public boolean isReplayed() {
        return replayed;
    }

    /** From Location, where it is read; else empty. */
    @Override
    public String orderId() {
        return orderId;
    }

    /** The array the body lies in, up to {@link #bodyBytes()}; valid until {@link #reset()}. */
    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public int bodyBytes() {
        return bodyBytes;
    }
}
