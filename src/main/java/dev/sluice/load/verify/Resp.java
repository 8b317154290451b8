package dev.sluice.load.verify;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of Redis, version 2, one command at a time. Replies are {@code byte[]} (simple and bulk strings), {@link
 * Long}, {@link List} or null. Bounds: {@value #BULK_BYTES_MAX} bytes in a string, {@value #LIST_MAX} in a list. Blocks.
 */
final class Resp {

    static final int BULK_BYTES_MAX = 64 * 1024 * 1024;
    static final int LIST_MAX = 1_000_000;

    private static final int LINE_MAX = 64 * 1024;
    private static final int DEPTH_MAX = 8;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final OutputStream out;

    Resp(InputStream in, OutputStream out) {
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    }

    /** @throws IOException with Redis' own words where it says no */
    @Nullable
    Object call(String... command) throws IOException {
        out.write(head('*', command.length));
        for (String part : command) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            out.write(head('$', bytes.length));
            out.write(bytes);
            out.write('\r');
            out.write('\n');
        }
        out.flush();
        return reply(0);
    }

    private static byte[] head(char kind, int length) {
        return (kind + Integer.toString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private @Nullable Object reply(int depth) throws IOException {
        int kind = in.read();
        String line = line();
        return switch (kind) {
            case '+' -> line.getBytes(StandardCharsets.UTF_8);
            case '-' -> throw new IOException("Redis says " + line);
            case ':' -> number(line, Long.MAX_VALUE);
            case '$' -> bulk((int) number(line, BULK_BYTES_MAX));
            case '*' -> list((int) number(line, LIST_MAX), depth);
            default -> throw new IOException("what answers is no Redis");
        };
    }

    private byte @Nullable [] bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
            throw new EOFException("Redis ended in the middle of an answer");
        }
        return bytes;
    }

    private @Nullable List<@Nullable Object> list(int length, int depth) throws IOException {
        if (length < 0) {
            return null;
        }
        if (depth >= DEPTH_MAX) {
            throw new IOException("Redis answered lists within lists");
        }
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            list.add(reply(depth + 1));
        }
        return list;
    }

    private static long number(String line, long max) throws IOException {
        try {
            long number = Long.parseLong(line);
            if (number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException("Redis answered '" + line + "' for a number", e);
        }
        throw new IOException("Redis answered " + line + ", which is too much");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c != '\r') {
            if (c < 0 || line.length() == LINE_MAX) {
                throw new EOFException("Redis ended in the middle of an answer");
            }
            line.append((char) c);
            c = in.read();
        }
        if (in.read() != '\n') {
            throw new IOException("what answers is no Redis");
        }
        return line.toString();
    }
}
