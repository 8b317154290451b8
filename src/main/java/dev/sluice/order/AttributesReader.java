package dev.sluice.order;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads attributes and writes them in canonical form: compact, keys sorted by UTF-16 code units as in RFC 8785,
 * numbers as PostgreSQL's jsonb prints them (no exponent, scale kept, no negative zero). Writing the canonical form
 * of a canonical form changes nothing, also when it went through a jsonb column.
 *
 * <p>One thread; reused. Once the text is over its bound, the rest is only read to its end.
 */
final class AttributesReader {

    /** Bound of the canonical form, bytes of UTF-8: what is stored is what is measured. */
    static final int BYTES_MAX = 4096;

    /** Bound of nesting; the attributes object itself is 1. */
    static final int DEPTH_MAX = 8;

    private final boolean strict;
    private final Utf8Buffer out = new Utf8Buffer(1024);
    private final Utf8Buffer scratch = new Utf8Buffer(1024);
    private final List<SortedKeys> keysOfDepth = new ArrayList<>();
    private boolean over;

    /** @param strict whether to judge; what a store answers is only rewritten */
    AttributesReader(boolean strict) {
        this.strict = strict;
    }

    /** The canonical form of what was read last; valid until the next read. */
    Utf8Buffer canonical() {
        return out;
    }

    /** Reads the object whose start the parser stands at, to its end. */
    void read(JsonParser json, FaultList faults) throws IOException {
        out.clear();
        over = false;
        object(json, faults, 1);
        measure();
        if (over) {
            faults.here(json, "must be at most " + BYTES_MAX + " bytes as compact JSON with plain numbers");
        }
    }

    private void value(JsonParser json, FaultList faults, int depth) throws IOException {
        JsonToken token = json.currentToken();
        switch (token) {
            case START_OBJECT, START_ARRAY -> container(json, faults, depth);
            case VALUE_STRING -> string(json, faults);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json, faults);
            case VALUE_NULL -> nothing(json, faults);
            default -> out.ascii(json.getText());
        }
        measure();
    }

    private void container(JsonParser json, FaultList faults, int depth) throws IOException {
        if (strict && depth > DEPTH_MAX) {
            faults.here(json, "must not be nested deeper than " + DEPTH_MAX);
            json.skipChildren();
        } else if (json.currentToken() == JsonToken.START_OBJECT) {
            object(json, faults, depth);
        } else {
            array(json, faults, depth);
        }
    }

    private void object(JsonParser json, FaultList faults, int depth) throws IOException {
        SortedKeys keys = keysAt(depth);
        out.ascii('{');
        int begin = out.size();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            boolean kept = !over && member(json, faults, keys);
            json.nextToken();
            if (kept) {
                value(json, faults, depth + 1);
            } else {
                json.skipChildren();
            }
        }
        if (!keys.sorted()) {
            sort(keys, begin);
        }
        out.ascii('}');
    }

    /** Writes the key of a member, or says why the member is passed over. */
    private boolean member(JsonParser json, FaultList faults, SortedKeys keys) throws IOException {
        String key = json.currentName();
        int comma = keys.count() > 0 ? 1 : 0;
        if (!keys.add(key, out.size() + comma)) {
            faults.here(json, "must not appear twice");
            return false;
        }
        judge(json, faults, TextRules.attribute(key));
        if (comma > 0) {
            out.ascii(',');
        }
        out.quoted(key).ascii(':');
        measure();
        return true;
    }

    private void array(JsonParser json, FaultList faults, int depth) throws IOException {
        out.ascii('[');
        boolean first = true;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (over) {
                json.skipChildren();
                continue;
            }
            if (!first) {
                out.ascii(',');
            }
            first = false;
            value(json, faults, depth + 1);
        }
        out.ascii(']');
    }

    private void string(JsonParser json, FaultList faults) throws IOException {
        String text = json.getText();
        judge(json, faults, TextRules.attribute(text));
        out.quoted(text);
    }

    private void number(JsonParser json, FaultList faults) throws IOException {
        String number = json.getText();
        boolean stored = !strict && JsonNumber.isPlain(number);
        if (stored || JsonNumber.withinLimits(number)) {
            out.ascii(JsonNumber.plain(number));
        } else {
            faults.here(json, JsonNumber.RULE);
        }
    }

    private void nothing(JsonParser json, FaultList faults) {
        if (strict) {
            faults.here(json, "must not be null");
        } else {
            out.ascii("null");
        }
    }

    private void judge(JsonParser json, FaultList faults, @Nullable String detail) {
        if (detail != null) {
            faults.here(json, detail);
        }
    }

    private void measure() {
        over |= strict && out.size() > BYTES_MAX;
    }

    private SortedKeys keysAt(int depth) {
        while (keysOfDepth.size() < depth) {
            keysOfDepth.add(new SortedKeys());
        }
        SortedKeys keys = keysOfDepth.get(depth - 1);
        keys.clear();
        return keys;
    }

    /** Brings the texts of an object's members, comma between two, into the order of their keys. */
    private void sort(SortedKeys keys, int begin) {
        int end = out.size();
        scratch.clear();
        scratch.append(out.array(), begin, end - begin);
        out.truncate(begin);
        for (int rank = 0; rank < keys.count(); rank++) {
            if (rank > 0) {
                out.ascii(',');
            }
            int from = keys.start(rank);
            out.append(scratch.array(), from - begin, keys.end(rank, end) - from);
        }
    }

    /**
     * The keys of one JSON object while it is written: where the text of each member starts, and the order of the keys by
     * UTF-16 code units. It finds duplicate keys with O(log n) comparisons a key. Reused by one thread.
     */
    private static final class SortedKeys {

        private String[] keys = new String[8];
        private int[] starts = new int[8];
        private int[] order = new int[8];
        private int count;
        private boolean sorted = true;

        void clear() {
            count = 0;
            sorted = true;
        }

        int count() {
            return count;
        }

        /** Whether the keys came in their canonical order. */
        boolean sorted() {
            return sorted;
        }

        /** Start of the text of the member with rank {@code rank} in canonical order. */
        int start(int rank) {
            return starts[order[rank]];
        }

        /** End of that text, where {@code end} is the end of the last one and one comma stands between two. */
        int end(int rank, int end) {
            int next = order[rank] + 1;
            return next < count ? starts[next] - 1 : end;
        }

        /** Adds the key of the member whose text begins at {@code start}. False where the key is there already. */
        boolean add(String key, int start) {
            int rank = rank(key);
            if (rank < 0) {
                return false;
            }
            grow();
            keys[count] = key;
            starts[count] = start;
            System.arraycopy(order, rank, order, rank + 1, count - rank);
            order[rank] = count;
            sorted &= rank == count;
            count++;
            return true;
        }

        /** How many keys sort before this one; -1 where it is among them. */
        private int rank(String key) {
            int low = 0;
            int high = count;
            int middle = count - 1;
            while (low < high) {
                int compared = keys[order[middle]].compareTo(key);
                if (compared == 0) {
                    return -1;
                }
                low = compared < 0 ? middle + 1 : low;
                high = compared < 0 ? high : middle;
                middle = (low + high) >>> 1;
            }
            return low;
        }

        private void grow() {
            if (count == keys.length) {
                keys = Arrays.copyOf(keys, 2 * count);
                starts = Arrays.copyOf(starts, 2 * count);
                order = Arrays.copyOf(order, 2 * count);
            }
        }
    }
}
