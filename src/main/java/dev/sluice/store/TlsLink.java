package dev.sluice.store;

import dev.sluice.config.LinkTls;
import dev.sluice.config.LinkTls.Check;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.CertificateException;
import java.util.Set;
import java.util.function.Consumer;

/** How a client of Vert.x does what {@link LinkTls} asks for. The files are read anew by each connection. */
public final class TlsLink {

    private static final String BY_HOST_NAME = "HTTPS";
    private static final String BY_NOTHING = "";

    private TlsLink() {}

    /**
     * The options for a link with TLS.
     *
     * @param refused told why the server's certificate is not taken
     */
    public static ClientSSLOptions options(LinkTls tls, Consumer<CertificateException> refused) {
        ClientSSLOptions options = new ClientSSLOptions()
                .setEnabledSecureTransportProtocols(Set.copyOf(tls.versions()))
                .setHostnameVerificationAlgorithm(tls.check() == Check.HOST ? BY_HOST_NAME : BY_NOTHING);
        if (tls.check() == Check.ENCRYPTED) {
            options.setTrustAll(true);
        } else {
            options.setTrustOptions(TrustOptions.wrap(ServerTrust.of(tls, refused)));
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
        ClientSSLOptions options = options(tls, error -> {});
        client.setSsl(true)
                .setTrustAll(options.isTrustAll())
                .setTrustOptions(options.getTrustOptions())
                .setKeyCertOptions(options.getKeyCertOptions())
                .setEnabledSecureTransportProtocols(options.getEnabledSecureTransportProtocols())
                .setHostnameVerificationAlgorithm(options.getHostnameVerificationAlgorithm());
    }
}
