package dev.sluice.load.run;

/** The orders of one request on its way; one per line, filled anew for each request. */
public final class Shipment {

    private final long[] seqs;
    private final long[] numbers;
    private final Kind[] kinds;
    private int size;

    /** When it was meant to leave, nanoseconds. */
    long intendedNanos;

    /** When it left, nanoseconds. */
    long sentNanos;

    /** The part of the run that it belongs to, as {@link RunClock#part} has it. */
    int part;

    public Shipment(int capacity) {
        seqs = new long[capacity];
        numbers = new long[capacity];
        kinds = new Kind[capacity];
    }

    void clear() {
        size = 0;
    }

    void add(long seq, long number, Kind kind) {
        seqs[size] = seq;
        numbers[size] = number;
        kinds[size] = kind;
        size++;
    }

    public int size() {
        return size;
    }

    /** Number of the send, counted from 1 over the run. */
    long seq(int i) {
        return seqs[i];
    }

    /** What the client order id ends in. */
    public long number(int i) {
        return numbers[i];
    }

    public Kind kind(int i) {
        return kinds[i];
    }

    /** What an order of a run is for. */
    public enum Kind {
        /** New, and expected to be stored. */
        FRESH,
        /** An earlier one again, byte for byte. */
        REPLAY,
        /** No valid order, under a key of its own. */
        INVALID
    }
}
