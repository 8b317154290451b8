package dev.sluice.config.file;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Looks into the PEM files of TLS before anything is opened with them; a problem names the file. */
public final class PemFile {

    private PemFile() {}

    /**
     * The certificates in the file, in its order; at least one.
     *
     * @throws IllegalArgumentException where the file holds no certificate
     */
    public static List<X509Certificate> requireCertificates(Path file) {
        byte[] text = SecretFile.bytes(file);
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(text))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty() || !contains(text, "-----BEGIN ")) {
                throw new IllegalArgumentException(file + ": holds no certificate in PEM");
            }
            return found;
        } catch (CertificateException e) {
            throw new IllegalArgumentException(file + ": holds no certificate in PEM that can be read", e);
        }
    }

    /**
     * Refuses a file that holds no key, or one that is encrypted.
     *
     * @throws IllegalArgumentException names the file, what is wrong and what mends it
     */
    public static void requireKey(Path file) {
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
