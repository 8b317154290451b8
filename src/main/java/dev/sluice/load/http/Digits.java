package dev.sluice.load.http;

/** Writes numbers into documents in place. */
final class Digits {

    private Digits() {}

    /** The last {@code length} decimal digits, with leading zeros. */
    static void put(byte[] target, int at, int length, long number) {
        long rest = number;
        for (int i = at + length - 1; i >= at; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
