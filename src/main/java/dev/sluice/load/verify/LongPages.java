package dev.sluice.load.verify;

import java.util.ArrayList;
import java.util.List;

/** A growing array of longs that is never copied: eight bytes a value, and at most one page of 64 KiB too much. */
final class LongPages {

    private static final int BITS = 13;
    private static final int PAGE = 1 << BITS;

    private final List<long[]> pages = new ArrayList<>();
    private int size;

    int size() {
        return size;
    }

    long get(int i) {
        return pages.get(i >> BITS)[i & (PAGE - 1)];
    }

    void set(int i, long value) {
        pages.get(i >> BITS)[i & (PAGE - 1)] = value;
    }

    int add(long value) {
        if (size == pages.size() << BITS) {
            pages.add(new long[PAGE]);
        }
        set(size, value);
        return size++;
    }
}
