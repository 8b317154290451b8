package dev.sluice.order;

import java.util.Arrays;

/**
 * The keys of one JSON object while it is written: where the text of each member starts, and the order of the keys by
 * UTF-16 code units. It finds duplicate keys with O(log n) comparisons a key. Reused by one thread.
 */
final class SortedKeys {

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
