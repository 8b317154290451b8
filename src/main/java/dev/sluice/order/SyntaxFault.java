package dev.sluice.order;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.io.JsonEOFException;

/** Says where and why a document stops being JSON. Lines and columns count from 1, columns in bytes. */
final class SyntaxFault {

    private static final int REASON_CHARACTERS_MAX = 160;

    private SyntaxFault() {}

    static boolean isEndOfInput(JsonParseException e) {
        return e instanceof JsonEOFException;
    }

    static String of(JsonParseException e) {
        String place = place(e.getLocation());
        return isEndOfInput(e)
                ? "must be JSON, but ends too early " + place
                : "must be JSON, but is not " + place + ": " + reason(e.getOriginalMessage());
    }

    /** For the byte that {@link Utf8Check} refused. */
    static String encoding(byte[] bytes, int from, int bad) {
        int line = 1;
        int column = 1;
        for (int i = from; i < bad; i++) {
            boolean ends = bytes[i] == '\n';
            line += ends ? 1 : 0;
            column = ends ? 1 : column + 1;
        }
        String what = bytes[bad] == 0 ? "a NUL byte" : "no UTF-8, or a byte order mark,";
        return "must be JSON in UTF-8, but there is " + what + " " + place(line, column);
    }

    static String place(JsonLocation location) {
        return place(location.getLineNr(), location.getColumnNr());
    }

    private static String place(int line, int column) {
        return "at line " + line + ", column " + column;
    }

    /** Jackson's words without its notes on the source, one line of them. */
    private static String reason(String message) {
        int note = message.indexOf(" (for ");
        int line = message.indexOf('\n');
        int end = Math.min(note < 0 ? message.length() : note, line < 0 ? message.length() : line);
        return message.substring(0, Math.min(end, REASON_CHARACTERS_MAX));
    }
}
