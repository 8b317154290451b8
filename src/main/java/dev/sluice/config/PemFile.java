package dev.sluice.config;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** Looks into the PEM files of TLS before anything is opened with them; a problem names the file. */
final class PemFile {

    private PemFile() {}

    /** @throws IllegalArgumentException where the file holds no certificate */
    static void requireCertificates(Path file) {
        byte[] text = SecretFile.bytes(file);
        try {
            boolean none = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text))
                    .isEmpty();
            if (none || !contains(text, "-----BEGIN ")) {
                throw new IllegalArgumentException(file + ": holds no certificate in PEM");
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException(file + ": holds no certificate in PEM that can be read", e);
        }
    }

    /** @throws IllegalArgumentException where the file holds no key, or one that is encrypted */
    static void requireKey(Path file) {
        byte[] text = SecretFile.bytes(file);
        if (!contains(text, "PRIVATE KEY-----")) {
            throw new IllegalArgumentException(file + ": holds no private key in PEM");
        }
        if (contains(text, "ENCRYPTED")) {
            throw new IllegalArgumentException(file + ": its key is encrypted, and Sluice has no word for it; write it"
                    + " without (`openssl pkey -in FILE -out PLAIN`), readable for this user alone");
        }
    }

    private static boolean contains(byte[] text, String part) {
        return new String(text, StandardCharsets.ISO_8859_1).contains(part);
    }
}
