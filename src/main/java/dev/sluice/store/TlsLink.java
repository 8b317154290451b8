package dev.sluice.store;

import dev.sluice.config.LinkTls;
import dev.sluice.config.LinkTls.Check;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;

/** How a client of Vert.x does what {@link LinkTls} asks for. The files are read anew by each connection. */
public final class TlsLink {

    private static final String BY_HOST_NAME = "HTTPS";
    private static final String BY_NOTHING = "";

    private TlsLink() {}

    /** The options for a link with TLS. */
    public static ClientSSLOptions options(LinkTls tls) {
        ClientSSLOptions options = new ClientSSLOptions()
                .setEnabledSecureTransportProtocols(Set.copyOf(tls.versions()))
                .setHostnameVerificationAlgorithm(tls.check() == Check.HOST ? BY_HOST_NAME : BY_NOTHING);
        if (tls.check() == Check.ENCRYPTED) {
            options.setTrustAll(true);
        } else {
            options.setTrustOptions(trust(tls));
        }
        if (tls.cert() != null && tls.key() != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertPath(tls.cert().toString())
                    .addKeyPath(tls.key().toString()));
        }
        return options;
    }

    /** The same for a client that has no connection-wise options. */
    public static void protect(NetClientOptions client, LinkTls tls) {
        ClientSSLOptions options = options(tls);
        client.setSsl(true)
                .setTrustAll(options.isTrustAll())
                .setTrustOptions(options.getTrustOptions())
                .setKeyCertOptions(options.getKeyCertOptions())
                .setEnabledSecureTransportProtocols(options.getEnabledSecureTransportProtocols())
                .setHostnameVerificationAlgorithm(options.getHostnameVerificationAlgorithm());
    }

    private static TrustOptions trust(LinkTls tls) {
        if (tls.ca() != null) {
            return new PemTrustOptions().addCertPath(tls.ca().toString());
        }
        try {
            TrustManagerFactory ofTheJvm = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            ofTheJvm.init((KeyStore) null);
            return TrustOptions.wrap(ofTheJvm.getTrustManagers()[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no CAs to trust", e);
        }
    }
}
