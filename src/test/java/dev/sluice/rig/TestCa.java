package dev.sluice.rig;

import dev.sluice.config.file.PemFile;
import dev.sluice.config.file.ServerTlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate authority and what it signs, made by {@code openssl} in a folder of the test. Blocks, about 20 ms each. */
public final class TestCa {

    private static final String SUBJECT = "/CN=";

    private final Path folder;
    private final String name;

    /** A certificate and its key, as PEM files. */
    public record Pair(Path cert, Path key) {

        /** Puts both where a server reads them. */
        public void copyTo(Pair place) {
            try {
                Files.write(place.key(), Files.readAllBytes(key));
                Commands.run("chmod", "600", place.key().toString());
                Files.write(place.cert(), Files.readAllBytes(cert));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private TestCa(Path folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    public static TestCa make(Path folder, String name) {
        TestCa ca = new TestCa(folder, name);
        ca.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout %s -out %s -subj %s"
                .formatted(ca.file(name + ".key"), ca.cert(), SUBJECT + name));
        return ca;
    }

    /** Its own certificate. */
    public Path cert() {
        return file(name + ".crt");
    }

    /**
     * Signs one.
     *
     * @param subject its common name, and the name of its files
     * @param san {@code DNS:localhost}
     * @param days from now; below 0 it is over
     */
    public Pair sign(String subject, String san, int days) {
        Pair pair = new Pair(file(subject + ".crt"), file(subject + ".key"));
        Path request = file(subject + ".csr");
        Path extension = file(subject + ".ext");
        try {
            Files.writeString(extension, "subjectAltName=" + san + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s -out %s -subj %s"
                .formatted(pair.key(), request, SUBJECT + subject));
        openssl("x509 -req -in %s -CA %s -CAkey %s -CAcreateserial -days %d -extfile %s -out %s"
                .formatted(request, cert(), file(name + ".key"), days, extension, pair.cert()));
        return pair;
    }

    /** What a client or a server of this test speaks TLS with: this CA is trusted, and that pair shown. */
    public SSLContext context(@Nullable Pair own) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("ca", PemFile.requireCertificates(cert()).get(0));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : keys(own), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException | ServerTlsFiles.Unfit e) {
            throw new AssertionError(e);
        }
    }

    private static KeyManager[] keys(Pair own) throws GeneralSecurityException, IOException, ServerTlsFiles.Unfit {
        ServerTlsFiles.Content content = new ServerTlsFiles(own.cert(), own.key(), null).read();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", content.key(), new char[0], content.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    private Path file(String file) {
        return folder.resolve(file);
    }

    private void openssl(String arguments) {
        Commands.run(("openssl " + arguments).split(" ", -1));
    }
}
