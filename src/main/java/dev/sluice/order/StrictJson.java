package dev.sluice.order;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;

/**
 * Jackson's streaming parser, set up so that only depth can trip one of its own limits: lengths are bounded by the
 * document's, and the limits of an order are judged by its readers. Numbers are only ever read as text.
 *
 * <p>Names are not interned; they live in a table of this object, so what clients send stays with its owner. That
 * table seeds its hash at random; crafted collisions cost time within one document and raise nothing.
 */
final class StrictJson {

    /** Bound of nesting of what is skipped, so that 64 KiB of brackets cost little memory; far above any order's. */
    static final int DEPTH_MAX = 64;

    private final JsonFactory factory = new JsonFactoryBuilder()
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

    /** Over well-formed UTF-8 without NUL bytes, in which Jackson cannot see another encoding. */
    JsonParser parser(byte[] utf8, int from, int to) throws IOException {
        return factory.createParser(utf8, from, to - from);
    }

    JsonParser parser(String json) throws IOException {
        return factory.createParser(json);
    }
}
