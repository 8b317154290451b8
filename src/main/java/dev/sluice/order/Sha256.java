package dev.sluice.order;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 that writes where it is told to; one thread. */
final class Sha256 {

    static final int BYTES = 32;

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Sha256 update(Utf8Buffer buffer) {
        digest.update(buffer.array(), 0, buffer.size());
        return this;
    }

    /** Writes the 32 bytes of the hash and starts anew. */
    void finish(byte[] target, int offset) {
        try {
            digest.digest(target, offset, BYTES);
        } catch (DigestException e) {
            throw new IllegalArgumentException("no room for " + BYTES + " bytes at " + offset, e);
        }
    }
}
