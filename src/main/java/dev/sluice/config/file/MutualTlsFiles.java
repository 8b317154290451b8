package dev.sluice.config.file;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The PEM files of a program that is client and server of others like it: whose certificates it takes, and its own, with
 * its key.
 *
 * @param ca of the authorities that sign for all of them
 * @param cert its own certificate first, then those between it and an authority
 */
public record MutualTlsFiles(Path ca, Path cert, Path key) {

    /** Stands for whatever a server and a client agree on. */
    private static final String ANY_EXCHANGE = "UNKNOWN";

    /**
     * Refuses what no handshake could succeed with, today.
     *
     * @throws IllegalArgumentException names the file, what is wrong and what mends it
     */
    public void require() {
        List<X509Certificate> authorities = PemFile.requireCertificates(ca);
        List<X509Certificate> chain = PemFile.requireCertificates(cert);
        PemFile.requireKey(key);
        if (authorities.stream().noneMatch(MutualTlsFiles::isInTime)) { // one of several may be over while they change
            requireInTime(authorities.get(0), ca);
        }
        chain.forEach(one -> requireInTime(one, cert));
        requirePair(chain.get(0));
        requireSigned(chain.toArray(X509Certificate[]::new), authorities);
    }

    private static boolean isInTime(X509Certificate certificate) {
        Instant now = Instant.now();
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    static void requireInTime(X509Certificate certificate, Path file) {
        String name = certificate.getSubjectX500Principal().getName();
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException e) {
            throw new IllegalArgumentException(
                    file + ": the certificate of " + name + " is over since "
                            + certificate.getNotAfter().toInstant() + ": renew it",
                    e);
        } catch (CertificateNotYetValidException e) {
            throw new IllegalArgumentException(
                    file + ": the certificate of " + name + " is not valid before "
                            + certificate.getNotBefore().toInstant()
                            + ": compare the clock of this machine with that of the one that signed it",
                    e);
        }
    }

    private void requirePair(X509Certificate own) {
        String kind = own.getPublicKey().getAlgorithm();
        if (!PemKey.KINDS.contains(kind)) {
            throw new IllegalArgumentException(
                    cert + ": its key is of the kind " + kind + ", and RSA and EC alone are read;"
                            + " make one by `openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256`");
        }
        if (!PemKey.isPrivateHalf(SecretFile.bytes(key), own.getPublicKey())) {
            throw new IllegalArgumentException(
                    key + ": is not the key of the certificate in " + cert + "; name the two that were made together");
        }
    }

    private void requireSigned(X509Certificate[] chain, List<X509Certificate> authorities) {
        try {
            X509TrustManager judge = judge(authorities);
            judge.checkServerTrusted(chain, ANY_EXCHANGE);
            judge.checkClientTrusted(chain, ANY_EXCHANGE);
        } catch (CertificateException e) {
            String why = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(cert + ": " + refusal(why), e);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(ca + ": cannot be used: " + e.getMessage(), e);
        }
    }

    private String refusal(String why) {
        return why.contains("sage")
                ? "may not be used for both sides of TLS (" + why
                        + "), and each node is server and client of the others:"
                        + " sign one for both, extendedKeyUsage=serverAuth,clientAuth"
                : "comes from none of the CAs in " + ca + " (" + why
                        + "): have it signed by one of them, or name the CA" + " that signed it";
    }

    private static X509TrustManager judge(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (X509Certificate authority : authorities) {
            store.setCertificateEntry(Integer.toString(store.size()), authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}
