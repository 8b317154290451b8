package dev.sluice.bus.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The outermost object of a frame, in which each object or array that is a value is replaced by its number in brackets.
 * Only strings and brackets of such a value are looked at: whatever else is wrong with an order, its parser says, and the
 * frame around it is one all the same.
 */
final class FrameOutline {

    /** In one frame; the contract knows two, headers and body. */
    private static final int STRUCTURES_MAX = 16;

    private final byte[] json;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final List<byte[]> structures = new ArrayList<>();
    private int depth;

    private FrameOutline(byte[] json) {
        this.json = json;
    }

    /** Fails where a string or a bracket that was opened is not closed, with a cause for people. */
    static FrameOutline of(byte[] json) throws IOException {
        FrameOutline outline = new FrameOutline(json);
        int at = 0;
        while (at < json.length) {
            at = outline.take(at);
        }
        return outline;
    }

    /** What a JSON parser may read. */
    byte[] text() {
        return text.toByteArray();
    }

    /** The bytes of the value of that number, as they came. */
    byte[] structure(int number) {
        return structures.get(number);
    }

    /** The place behind what begins there. */
    private int take(int at) throws IOException {
        byte c = json[at];
        if (c == '"') {
            int end = endOfString(at);
            text.write(json, at, end - at);
            return end;
        }
        if (depth == 1 && isOpening(c)) {
            return replaced(at, endOfStructure(at));
        }
        depth += step(c);
        text.write(c);
        return at + 1;
    }

    private int replaced(int from, int to) throws IOException {
        if (structures.size() == STRUCTURES_MAX) {
            throw new IOException("it has more than " + STRUCTURES_MAX + " objects and arrays");
        }
        byte[] number = ("[" + structures.size() + "]").getBytes(StandardCharsets.US_ASCII);
        text.write(number, 0, number.length);
        structures.add(Arrays.copyOfRange(json, from, to));
        return to;
    }

    private int endOfString(int from) throws IOException {
        for (int at = from + 1; at < json.length; at++) {
            if (json[at] == '"') {
                return at + 1;
            }
            at += json[at] == '\\' ? 1 : 0;
        }
        throw new IOException("a string in it does not end");
    }

    private int endOfStructure(int from) throws IOException {
        int open = 0;
        int at = from;
        while (at < json.length) {
            if (json[at] == '"') {
                at = endOfString(at);
                continue;
            }
            open += step(json[at++]);
            if (open == 0) {
                return at;
            }
        }
        throw new IOException("an object or array in it does not end");
    }

    private static boolean isOpening(byte c) {
        return c == '{' || c == '[';
    }

    private static int step(byte c) {
        if (isOpening(c)) {
            return 1;
        }
        return c == '}' || c == ']' ? -1 : 0;
    }
}
