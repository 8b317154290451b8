package dev.sluice.bulk;

import org.jspecify.annotations.Nullable;

/**
 * Finds the orders of a bulk body while it arrives, piece by piece in any cut; judges none of them. Not thread safe:
 * one per body. Any bytes are answered, never by an exception.
 */
public sealed interface BulkSplitter permits NdjsonSplitter, ArraySplitter {

    /**
     * The next piece of the body, {@code bytes[from..to)}; the array is not kept.
     *
     * @return what makes the body no list of orders, for a person; null while it may be one
     */
    @Nullable
    String feed(byte[] bytes, int from, int to);

    /**
     * The body ended.
     *
     * @return what makes the body no list of orders, for a person; null where it is one, if only of none
     */
    @Nullable
    String end();
}
