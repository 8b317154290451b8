package dev.sluice.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** SHA-256 of a whole key or token: all that is kept of it. Two are compared in a time that does not tell where they differ. */
public final class KeyHash {

    public static final int BYTES = 32;

    private final byte[] bytes;

    private KeyHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The hash of that text, which is ASCII. */
    public static KeyHash of(String text) {
        try {
            return new KeyHash(MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * A hash as it is stored.
     *
     * @throws IllegalArgumentException where it has another length
     */
    public static KeyHash ofBytes(byte[] stored) {
        if (stored.length != BYTES) {
            throw new IllegalArgumentException("a hash has " + BYTES + " bytes, not " + stored.length);
        }
        return new KeyHash(stored.clone());
    }

    /** As it is to be stored. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyHash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** In base64. */
    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
