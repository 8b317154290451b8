package dev.sluice.listener.tls;

import dev.sluice.config.ListenerTls;
import dev.sluice.config.file.ServerTlsFiles;
import dev.sluice.config.file.ServerTlsFiles.Content;
import dev.sluice.log.Incident;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Gauge;
import dev.sluice.metrics.Metrics;
import dev.sluice.metrics.TlsReload;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.security.KeyStore;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of one listener: TLS 1.2 and 1.3 with ciphers of today, ALPN where it speaks HTTP/2, and the pair of its files. A pair that
 * changed and can be used takes the place of the old one for new connections; one that cannot is said once, with its
 * mend, and the old one stays. {@link #look} reads the files and is not for an event loop; the rest is for any thread.
 */
public final class ListenerContext {

    /** How often to look: a pair is taken when two looks saw the same, since its files change one after the other. */
    public static final long LOOK_MS = 1_000;

    static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** Forward secrecy and authenticated encryption; AES with 128 bits first, which costs least. */
    static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Logger LOG = LoggerFactory.getLogger(ListenerContext.class);

    /** A client that resumes has shown its certificate so long ago at most, seconds. */
    private static final long SESSION_SECONDS = 3_600;

    /** A client that asks for neither speaks HTTP/1.1. */
    private static final ApplicationProtocolConfig PROTOCOLS_OF_HTTP = new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2,
            ApplicationProtocolNames.HTTP_1_1);

    private static final char[] NO_PASSWORD = new char[0];

    private final String listener;
    private final ListenerTls tls;
    private final boolean http2;
    private final ServerTlsFiles files;
    private final CurrentContext context;
    private final Content first;
    private final Gauge expiresSeconds;
    private final Metrics metrics;
    private final Incident unfit;
    private Instant endsAt;
    private String taken;
    private String seen;

    private ListenerContext(String listener, ListenerTls tls, boolean http2, Metrics metrics)
            throws ServerTlsFiles.Unfit, SSLException {
        this.listener = listener;
        this.tls = tls;
        this.http2 = http2;
        this.files = tls.files();
        this.metrics = metrics;
        this.taken = files.state();
        this.seen = taken;
        this.first = files.read();
        this.endsAt = first.endsAt();
        Handshakes handshakes =
                new Handshakes(Handshakes.OPEN_MAX, metrics.refused().of(Bound.TLS_HANDSHAKES)::increment);
        this.context = new CurrentContext(built(first), handshakes);
        this.expiresSeconds = metrics.tlsExpiresSeconds().of(listener);
        this.unfit = new Incident(LOG, listener + ".tls", System::nanoTime);
        showEnd(Instant.now());
    }

    /**
     * Null where that listener speaks no TLS.
     *
     * @param listener its section of the configuration
     * @param http2 whether clients may choose HTTP/2
     * @throws IllegalArgumentException names the file that cannot be used, and what mends it
     */
    public static @Nullable ListenerContext of(String listener, ListenerTls tls, boolean http2, Metrics metrics) {
        try {
            return tls.isOn() ? new ListenerContext(listener, tls, http2, metrics) : null;
        } catch (ServerTlsFiles.Unfit e) {
            throw new IllegalArgumentException(listener + ".tls." + e.which() + ": " + e.getMessage(), e);
        } catch (SSLException e) {
            throw new IllegalArgumentException(listener + ".tls: " + e.getMessage(), e);
        }
    }

    private SslContext built(Content content) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forServer(content.key(), content.chain())
                .sslProvider(SslProvider.JDK)
                .protocols(PROTOCOLS)
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout(SESSION_SECONDS)
                .clientAuth(clientAuth());
        if (http2) {
            builder.applicationProtocolConfig(PROTOCOLS_OF_HTTP);
        }
        return content.clientCas().isEmpty()
                ? builder.build()
                : builder.trustManager(content.clientCas()).build();
    }

    private ClientAuth clientAuth() {
        return switch (tls.clientAuth()) {
            case NONE -> ClientAuth.NONE;
            case REQUEST -> ClientAuth.OPTIONAL;
            case REQUIRE -> ClientAuth.REQUIRE;
        };
    }

    /**
     * Has a server speak TLS. Vert.x need not know what was negotiated: {@code Connections} asks the handler of TLS.
     *
     * @param handshakeMs within which a handshake is over, or its connection ends
     */
    public void secure(HttpServerOptions options, long handshakeMs) {
        options.setSsl(true)
                .setUseAlpn(false)
                .setSslEngineOptions(new Engines(context))
                .setKeyCertOptions(KeyCertOptions.wrap(keys()))
                .setEnabledSecureTransportProtocols(Set.copyOf(PROTOCOLS))
                .setSslHandshakeTimeout(handshakeMs)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    /** Vert.x wants to see a key, though it makes no context of its own. */
    private KeyManagerFactory keys() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "own", first.key(), NO_PASSWORD, first.chain().toArray(java.security.cert.Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory;
        } catch (java.security.GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException("this JVM keeps no keys", e);
        }
    }

    /** Hands Vert.x the one context that there is. */
    private static final class Engines extends SSLEngineOptions {

        private final CurrentContext context;

        Engines(CurrentContext context) {
            this.context = context;
        }

        @Override
        public SSLEngineOptions copy() {
            return this;
        }

        @Override
        public SslContextFactory sslContextFactory() {
            return () -> context;
        }
    }

    /** Looks at its files every {@value #LOOK_MS} ms, on a worker of that Vert.x; nothing to do where there is no TLS. */
    @SuppressWarnings("FutureReturnValueIgnored") // a look that failed is logged, and the next one comes
    public static void watch(@Nullable ListenerContext context, Vertx vertx) {
        if (context != null) {
            vertx.setPeriodic(
                    LOOK_MS,
                    id -> vertx.executeBlocking(context::lookNow, false)
                            .onFailure(error -> LOG.error("the certificates were not looked at", error)));
        }
    }

    private boolean lookNow() {
        look(Instant.now());
        return true;
    }

    /** Reads the files, takes a new pair, and shows when the one in use is over. */
    public synchronized void look(Instant now) {
        String state = files.state();
        boolean isSettled = state.equals(seen);
        seen = state;
        if (isSettled && !state.equals(taken)) {
            taken = state;
            reload();
        }
        showEnd(now);
    }

    private void reload() {
        try {
            Content content = files.read();
            context.change(built(content));
            endsAt = content.endsAt();
            unfit.over();
            metrics.tlsReloads().of(TlsReload.TAKEN).increment();
            LOG.info("{}.tls: new connections see the certificate that is over at {}", listener, endsAt);
        } catch (ServerTlsFiles.Unfit e) {
            refused(e.which(), e);
        } catch (SSLException e) {
            refused("cert", e);
        }
    }

    private void refused(String which, Exception why) {
        metrics.tlsReloads().of(TlsReload.REFUSED).increment();
        unfit.failed(listener + ".tls." + which + ": " + why.getMessage()
                + "; the certificate before, which is over at " + endsAt + ", stays in use");
    }

    private void showEnd(Instant now) {
        expiresSeconds.set((double) (endsAt.getEpochSecond() - now.getEpochSecond()));
    }
}
