package dev.sluice.load.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a history from first to last line. Memory: one buffer of 256 KiB, whatever the file's size. A last line without
 * its line feed was cut while it was written: what it speaks of had not left, or its answer counts as unknown; it is
 * left out.
 */
public final class HistoryReader {

    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int FIELDS = 5;

    private final Lines lines;
    private final int[] starts = new int[FIELDS];
    private final int[] ends = new int[FIELDS];
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long line;
    private long offset;

    /** What is told of each line. */
    public interface Lines {

        /**
         * An order left.
         *
         * @param fingerprint lower-case hexadecimal, or {@link HistoryWriter#NONE}
         * @param offset of the line in the file, bytes
         */
        void sent(long seq, String clientOrderId, String fingerprint, long offset);

        /**
         * An answer came.
         *
         * @param status HTTP status
         * @param code of the problem, empty where there was none
         * @param id of the order, or {@link HistoryWriter#NONE}
         */
        void answered(long seq, int status, String code, String id);
    }

    private HistoryReader(Lines lines) {
        this.lines = lines;
    }

    /**
     * Reads a file.
     *
     * @throws HistoryException where a line is none of a history
     */
    public static void read(Path path, Lines lines) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            new HistoryReader(lines).readAll(in);
        }
    }

    private void readAll(InputStream in) throws IOException {
        int filled = 0;
        int read = in.read(buffer, 0, buffer.length);
        while (read >= 0) {
            filled += read;
            int consumed = takeLines(filled);
            System.arraycopy(buffer, consumed, buffer, 0, filled - consumed);
            filled -= consumed;
            if (filled == buffer.length) {
                throw new HistoryException(line + 1, "longer than " + BUFFER_BYTES + " bytes");
            }
            read = in.read(buffer, filled, buffer.length - filled);
        }
    }

    private int takeLines(int filled) {
        int from = 0;
        for (int i = 0; i < filled; i++) {
            if (buffer[i] == '\n') {
                take(from, i);
                offset += i + 1 - from;
                from = i + 1;
            }
        }
        return from;
    }

    private void take(int from, int to) {
        line++;
        split(from, to);
        if (ends[0] - starts[0] != 1) {
            throw new HistoryException(line, "it begins with neither S nor A");
        }
        switch (buffer[starts[0]]) {
            case 'S' -> lines.sent(number(1), text(2), text(3), offset);
            case 'A' -> answer();
            default -> throw new HistoryException(line, "it begins with neither S nor A");
        }
    }

    private void split(int from, int to) {
        int field = 0;
        starts[0] = from;
        for (int i = from; i < to; i++) {
            if (buffer[i] == ' ') {
                ends[field++] = i;
                if (field == FIELDS) {
                    throw new HistoryException(line, "more than " + FIELDS + " fields");
                }
                starts[field] = i + 1;
            }
        }
        ends[field] = to;
        if (field != FIELDS - 1) {
            throw new HistoryException(line, "fewer than " + FIELDS + " fields");
        }
    }

    private void answer() {
        int from = starts[2];
        int to = ends[2];
        int digits = Math.min(to, from + 3);
        int status = (int) number(from, digits);
        boolean coded = to > digits && buffer[digits] == ':';
        if (to > digits && !coded) {
            throw new HistoryException(line, "its status is not three digits, or those, a colon and a code");
        }
        lines.answered(number(1), status, coded ? text(digits + 1, to) : "", text(3));
    }

    private long number(int field) {
        return number(starts[field], ends[field]);
    }

    private long number(int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new HistoryException(line, "'" + text(from, to) + "' is no number");
            }
            value = value * 10 + digit;
        }
        if (from == to || to - from > 18) {
            throw new HistoryException(line, "a number is missing or too long");
        }
        return value;
    }

    private String text(int field) {
        return text(starts[field], ends[field]);
    }

    private String text(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.US_ASCII);
    }
}
