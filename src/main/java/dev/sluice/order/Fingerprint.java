package dev.sluice.order;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What an order says, in 33 bytes: one version byte and SHA-256 over its content. Two orders with equal
 * fingerprints have the same content; the id is not part of it. Immutable.
 */
public final class Fingerprint {

    /** Length with the version byte. */
    public static final int BYTES = 33;

    private final byte[] bytes;

    private Fingerprint(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes ownership of the array. */
    public static Fingerprint of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a fingerprint has " + BYTES + " bytes, not " + bytes.length);
        }
        return new Fingerprint(bytes);
    }

    /** A copy; the fingerprint stays immutable. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fingerprint that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Lower-case hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
