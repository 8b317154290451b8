package dev.sluice.store;

import dev.sluice.config.LinkTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges the certificate of a server by the CAs of a link, and tells why it refuses one: the PostgreSQL client says no more
 * than that the handshake failed.
 */
final class ServerTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager judge;
    private final Consumer<CertificateException> refused;

    private ServerTrust(X509ExtendedTrustManager judge, Consumer<CertificateException> refused) {
        this.judge = judge;
        this.refused = refused;
    }

    /**
     * Reads the CAs.
     *
     * @param refused told before the handshake fails
     */
    static ServerTrust of(LinkTls tls, Consumer<CertificateException> refused) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities(tls));
            return new ServerTrust((X509ExtendedTrustManager) factory.getTrustManagers()[0], refused);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot read the CAs in " + tls.ca() + ": " + e.getMessage(), e);
        }
    }

    /** Null stands for those of the JVM. */
    private static @Nullable KeyStore authorities(LinkTls tls) throws GeneralSecurityException, IOException {
        if (tls.ca() == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(tls.ca())) {
            for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry(Integer.toString(store.size()), ca);
            }
        }
        return store;
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void judged(Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            refused.accept(e);
            throw e;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        judged(() -> judge.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judged(() -> judge.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judged(() -> judge.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        judge.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judge.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
