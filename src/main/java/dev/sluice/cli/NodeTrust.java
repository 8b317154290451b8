package dev.sluice.cli;

import dev.sluice.config.file.PathText;
import dev.sluice.config.file.PemFile;
import dev.sluice.config.file.ServerTlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which certificates of a node are taken, and which one is shown to it. For https alone. Mixed in. */
final class NodeTrust {

    private static final String CA_VARIABLE = "SLUICE_CACERT";
    private static final char[] NO_PASSWORD = new char[0];

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description = "PEM file of the CAs of an https node, else SLUICE_CACERT, else those of the JVM")
    @Nullable
    Path ca;

    @Option(
            names = "--client-cert",
            paramLabel = "FILE",
            description = "PEM file of the certificate to show to it, where it asks for one")
    @Nullable
    Path cert;

    @Option(names = "--client-key", paramLabel = "FILE", description = "PEM file of its key")
    @Nullable
    Path key;

    /** With the files that are named; a {@link CliException} where one cannot be used. */
    SSLContext context(Map<String, String> environment) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own(), trusted(environment), null);
            return context;
        } catch (IllegalArgumentException | ServerTlsFiles.Unfit e) {
            throw new CliException(ExitCodes.FAILED, String.valueOf(e.getMessage()), e);
        } catch (GeneralSecurityException | IOException e) {
            throw new CliException(ExitCodes.FAILED, "TLS cannot be had: " + e.getMessage(), e);
        }
    }

    /** The file of the CAs, or null for those of the JVM. */
    private @Nullable Path authorities(Map<String, String> environment) {
        String variable = environment.getOrDefault(CA_VARIABLE, "");
        return ca != null || variable.isBlank() ? ca : PathText.parse(variable);
    }

    private TrustManager @Nullable [] trusted(Map<String, String> environment)
            throws GeneralSecurityException, IOException {
        Path file = authorities(environment);
        if (file == null) {
            return null;
        }
        KeyStore store = empty();
        for (X509Certificate authority : PemFile.requireCertificates(file)) {
            store.setCertificateEntry(Integer.toString(store.size()), authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] own() throws GeneralSecurityException, IOException, ServerTlsFiles.Unfit {
        if (cert == null || key == null) {
            if (cert != key) {
                throw new IllegalArgumentException("--client-cert and --client-key need each other: give both");
            }
            return null;
        }
        ServerTlsFiles.Content content = new ServerTlsFiles(cert, key, null).read();
        KeyStore store = empty();
        List<X509Certificate> chain = content.chain();
        store.setKeyEntry("own", content.key(), NO_PASSWORD, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
