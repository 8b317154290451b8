package dev.sluice.bulk;

import org.jspecify.annotations.Nullable;

/**
 * One order a line, {@code application/x-ndjson}. A line ends with LF or CR LF, the last one also with the body. A
 * line of nothing but spaces, tabs and CRs is blank: counted, and no order. Nothing is refused here.
 */
public final class NdjsonSplitter implements BulkSplitter {

    private final BulkLines lines;
    private int position;
    private int lineFrom;
    private int number = 1;
    private boolean blank = true;
    private byte last;

    public NdjsonSplitter(BulkLines lines) {
        this.lines = lines;
    }

    @Override
    public @Nullable String feed(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                endLine(position + i - from);
            } else if (b > ' ' || (b != ' ' && b != '\t' && b != '\r')) {
                blank = false;
            }
            last = b;
        }
        position += to - from;
        return null;
    }

    private void endLine(int at) {
        if (!blank) {
            lines.add(lineFrom, last == '\r' ? at - 1 : at, number);
        }
        number++;
        lineFrom = at + 1;
        blank = true;
    }

    @Override
    public @Nullable String end() {
        endLine(position);
        return null;
    }
}
