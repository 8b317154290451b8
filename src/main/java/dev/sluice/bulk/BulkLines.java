package dev.sluice.bulk;

import java.util.Arrays;

/**
 * Where the orders of a bulk body are: ranges of bytes and the number each answers to. 12 bytes an order, at most
 * {@code ordersMax} of them. Not thread safe.
 */
public final class BulkLines {

    /** Upper bound of one request. */
    public static final int ORDERS_MAX = 10_000;

    private static final int INITIAL = 16;

    private final int ordersMax;
    private int[] froms = new int[INITIAL];
    private int[] lengths = new int[INITIAL];
    private int[] numbers = new int[INITIAL];
    private int size;
    private boolean full;

    public BulkLines(int ordersMax) {
        this.ordersMax = ordersMax;
    }

    /** One more order; beyond the bound it is only remembered that there was one. */
    void add(int from, int to, int number) {
        if (size == ordersMax) {
            full = true;
            return;
        }
        reserve();
        froms[size] = from;
        lengths[size] = to - from;
        numbers[size] = number;
        size++;
    }

    private void reserve() {
        if (size == froms.length) {
            int more = Math.min(ordersMax, 2 * size);
            froms = Arrays.copyOf(froms, more);
            lengths = Arrays.copyOf(lengths, more);
            numbers = Arrays.copyOf(numbers, more);
        }
    }

    /** Orders found, at most the bound. */
    public int size() {
        return size;
    }

    /** Whether there were more than the bound. */
    public boolean isOverfull() {
        return full;
    }

    /** First byte of that order, from the start of the body. */
    public int from(int index) {
        return froms[index];
    }

    /** Bytes of that order, without line end or comma. */
    public int length(int index) {
        return lengths[index];
    }

    /** What the client calls it, from 1: the line, blank ones counted, or the place in the array. */
    public int number(int index) {
        return numbers[index];
    }
}
