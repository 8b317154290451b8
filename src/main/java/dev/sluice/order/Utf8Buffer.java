package dev.sluice.order;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing UTF-8 byte buffer with what JSON and the content digest need. Reused by one thread; a buffer that one
 * huge document grew is given back at the next {@link #clear()}.
 */
public final class Utf8Buffer {

    private static final int KEEP_BYTES_MAX = 64 * 1024;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final int initialBytes;
    private byte[] bytes;
    private int size;

    public Utf8Buffer(int initialBytes) {
        this.initialBytes = initialBytes;
        this.bytes = new byte[initialBytes];
    }

    public void clear() {
        size = 0;
        if (bytes.length > KEEP_BYTES_MAX) {
            bytes = new byte[initialBytes];
        }
    }

    public int size() {
        return size;
    }

    void truncate(int newSize) {
        size = newSize;
    }

    /** The array behind; valid up to {@link #size()} until the next write. */
    byte[] array() {
        return bytes;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    public Utf8Buffer ascii(char c) {
        reserve(1);
        bytes[size++] = (byte) c;
        return this;
    }

    /** Text that is known to be ASCII and to need no escape. */
    @SuppressWarnings("deprecation") // takes the low byte of each character, which is right for ASCII, and one copy
    public Utf8Buffer ascii(String text) {
        int length = text.length();
        reserve(length);
        text.getBytes(0, length, bytes, size);
        size += length;
        return this;
    }

    /** Text without lone surrogates, as it is. */
    Utf8Buffer text(String text) {
        int length = text.length();
        reserve(length);
        byte[] to = bytes;
        int end = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                size = end;
                return append(text.substring(i).getBytes(StandardCharsets.UTF_8));
            }
            to[end++] = (byte) c;
        }
        size = end;
        return this;
    }

    Utf8Buffer append(byte[] more) {
        return append(more, 0, more.length);
    }

    Utf8Buffer append(byte[] more, int from, int length) {
        reserve(length);
        System.arraycopy(more, from, bytes, size, length);
        size += length;
        return this;
    }

    /** Decimal digits of a number that is not negative. */
    public Utf8Buffer digits(long number) {
        int length = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            length++;
        }
        return digits(number, length);
    }

    /** The last {@code length} decimal digits of a number that is not negative, with leading zeros. */
    Utf8Buffer digits(long number, int length) {
        reserve(length);
        long rest = number;
        for (int i = size + length - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += length;
        return this;
    }

    /** Four bytes, big end first. */
    Utf8Buffer int32(int value) {
        reserve(Integer.BYTES);
        setInt32(size, value);
        size += Integer.BYTES;
        return this;
    }

    /** Eight bytes, big end first. */
    Utf8Buffer int64(long value) {
        return int32((int) (value >>> Integer.SIZE)).int32((int) value);
    }

    /** Length in bytes as {@link #int32}, then the text: no two sequences of fields look alike. */
    Utf8Buffer field(String text) {
        int at = size;
        int32(0).text(text);
        setInt32(at, size - at - Integer.BYTES);
        return this;
    }

    /**
     * A JSON string, quotes included, escaped as RFC 8785 does: only the quote, the backslash and what is below
     * U+0020. A lone surrogate, which only a fault's pointer can hold, becomes a question mark.
     */
    public Utf8Buffer quoted(String text) {
        int length = text.length();
        reserve(length + 2);
        byte[] to = bytes;
        int end = size;
        to[end++] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || c < ' ' || c == '"' || c == '\\') {
                size = end;
                return quotedRest(text, i);
            }
            to[end++] = (byte) c;
        }
        to[end++] = '"';
        size = end;
        return this;
    }

    private Utf8Buffer quotedRest(String text, int from) {
        for (byte b : text.substring(from).getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0 && (b < ' ' || b == '"' || b == '\\')) {
                escape((char) b);
            } else {
                ascii((char) b);
            }
        }
        return ascii('"');
    }

    private void escape(char c) {
        ascii('\\');
        switch (c) {
            case '"', '\\' -> ascii(c);
            case '\b' -> ascii('b');
            case '\t' -> ascii('t');
            case '\n' -> ascii('n');
            case '\f' -> ascii('f');
            case '\r' -> ascii('r');
            default -> ascii("u00").ascii((char) HEX[c >> 4]).ascii((char) HEX[c & 0xF]);
        }
    }

    void setInt32(int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }
}
