package dev.sluice.config.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of a listener that speaks TLS. Reading blocks.
 *
 * @param cert its own certificate first, then those between it and an authority
 * @param key of that certificate, not encrypted
 * @param clientCa of the authorities that sign for its clients; null where no client is asked
 */
public record ServerTlsFiles(Path cert, Path key, @Nullable Path clientCa) {

    /** What the files hold: a key and the certificates that speak for it. */
    public record Content(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> clientCas) {

        public Content {
            chain = List.copyOf(chain);
            clientCas = List.copyOf(clientCas);
        }

        /** When the first certificate of the chain is over. */
        public Instant endsAt() {
            return chain.stream()
                    .map(one -> one.getNotAfter().toInstant())
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /** A file that cannot be used. The message names it, what is wrong and what mends it. */
    public static final class Unfit extends Exception {

        private static final long serialVersionUID = 1L;

        private final String which;

        Unfit(String which, IllegalArgumentException cause) {
            super(cause.getMessage(), cause);
            this.which = which;
        }

        /** {@code cert}, {@code key} or {@code clientCa}. */
        public String which() {
            return which;
        }
    }

    private static final int ROOT = 0;

    private static final Set<PosixFilePermission> BEYOND_THE_USER = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    /** Where root owns the file, a group may read it: so are keys given to services. */
    private static final Set<PosixFilePermission> BEYOND_THE_GROUP =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    /**
     * What they hold now.
     *
     * @throws Unfit where no handshake could succeed with it, or others can read the key
     */
    public Content read() throws Unfit {
        List<X509Certificate> chain = read("cert", this::readChain);
        PrivateKey own = read("key", () -> readKey(chain.get(0)));
        Path authorities = clientCa;
        List<X509Certificate> cas =
                authorities == null ? List.of() : read("clientCa", () -> PemFile.requireCertificates(authorities));
        return new Content(own, chain, cas);
    }

    private static <T> T read(String which, Supplier<T> reading) throws Unfit {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new Unfit(which, e);
        }
    }

    private List<X509Certificate> readChain() {
        List<X509Certificate> chain = PemFile.requireCertificates(cert);
        chain.forEach(one -> MutualTlsFiles.requireInTime(one, cert));
        String kind = chain.get(0).getPublicKey().getAlgorithm();
        if (!PemKey.KINDS.contains(kind)) {
            throw new IllegalArgumentException(cert + ": its key is of the kind " + kind
                    + ", and RSA and EC alone are read; make one by `openssl req -newkey ec -pkeyopt"
                    + " ec_paramgen_curve:P-256`");
        }
        return chain;
    }

    private PrivateKey readKey(X509Certificate own) {
        PemFile.requireKey(key);
        requireClosed();
        PrivateKey read = PemKey.read(SecretFile.bytes(key), own.getPublicKey());
        if (read == null) {
            throw new IllegalArgumentException(
                    key + ": is not the key of the certificate in " + cert + "; name the two that were made together");
        }
        return read;
    }

    /** As libpq asks it of a client's key. */
    private void requireClosed() {
        try {
            boolean ofRoot = Files.getAttribute(key, "unix:uid") instanceof Integer uid && uid == ROOT;
            Set<PosixFilePermission> open = Files.getPosixFilePermissions(key).stream()
                    .filter((ofRoot ? BEYOND_THE_GROUP : BEYOND_THE_USER)::contains)
                    .collect(Collectors.toSet());
            if (!open.isEmpty()) {
                throw new IllegalArgumentException(key + ": is open to other users of this machine: `chmod "
                        + (ofRoot ? "640 " : "600 ") + key + "` closes it");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(key + ": cannot be looked at: " + e.getMessage(), e);
        } catch (UnsupportedOperationException noPosix) {
            throw new IllegalArgumentException(
                    key + ": is on a file system without permissions; put it on one that has them", noPosix);
        }
    }

    /** Another text whenever one of the files has changed; never fails. */
    public String state() {
        return Stream.of(cert, key, clientCa == null ? cert : clientCa)
                .map(ServerTlsFiles::digest)
                .collect(Collectors.joining(" "));
    }

    private static String digest(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(SecretFile.bytes(file)));
        } catch (IllegalArgumentException | GeneralSecurityException unreadable) {
            return String.valueOf(unreadable.getMessage());
        }
    }
}
