package dev.sluice.order;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Jackson's streaming parser, and what it says of text that is no JSON. It is set up so that only depth can trip one of its
 * own limits: lengths are bounded by the document's, and the limits of an order are judged by its readers. Numbers are only
 * ever read as text. From any thread; the parsers are not.
 *
 * <p>Names are not interned; they live in a table of this object, so what clients send stays with its owner. Jackson lets
 * the table grow to 6,000 names, however long they are: 60 KiB each would fill the heap. So it begins anew after {@value
 * #TABLE_BYTES_MAX} bytes of documents, which for usual orders is once in a thousand. The table seeds its hash at random;
 * crafted collisions cost time within one document and raise nothing.
 */
final class StrictJson {

    /** Bound of nesting of what is skipped, so that 64 KiB of brackets cost little memory; far above any order's. */
    static final int DEPTH_MAX = 64;

    /** Documents whose names one table holds, bytes. */
    static final int TABLE_BYTES_MAX = 256 * 1024;

    private static final int REASON_CHARACTERS_MAX = 160;

    private final AtomicInteger tableBytes = new AtomicInteger();
    private volatile JsonFactory factory = factory();

    private static JsonFactory factory() {
        return new JsonFactoryBuilder()
                .recyclerPool(JsonRecyclerPools.threadLocalPool())
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /** Over well-formed UTF-8 without NUL bytes, in which Jackson cannot see another encoding. */
    JsonParser parser(byte[] utf8, int from, int to) throws IOException {
        return factoryFor(to - from).createParser(utf8, from, to - from);
    }

    JsonParser parser(String json) throws IOException {
        return factoryFor(json.length()).createParser(json);
    }

    /** A factory has one table. */
    private JsonFactory factoryFor(int bytes) {
        if (tableBytes.addAndGet(bytes) > TABLE_BYTES_MAX) {
            tableBytes.set(bytes);
            factory = factory();
        }
        return factory;
    }

    static boolean isEndOfInput(JsonParseException e) {
        return e instanceof JsonEOFException;
    }

    /** Where and why a document stops being JSON. */
    static String fault(JsonParseException e) {
        String place = place(e.getLocation());
        return isEndOfInput(e)
                ? "must be JSON, but ends too early " + place
                : "must be JSON, but is not " + place + ": " + reason(e.getOriginalMessage());
    }

    /** As {@link #fault}, for the byte that {@link Utf8Check} refused. */
    static String encodingFault(byte[] bytes, int from, int bad) {
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

    /** Lines and columns count from 1, columns in bytes. */
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
