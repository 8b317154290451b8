package dev.sluice.config;

import dev.sluice.config.file.PathText;
import dev.sluice.config.file.PemFile;
import dev.sluice.config.value.PostgresUri;
import dev.sluice.config.value.RedisUri;
import dev.sluice.config.value.SslMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What protects the connections to one store: what its URI asks for, and the files of {@code tls.*} beside it.
 *
 * @param check what the server has to prove
 * @param ca the PEM file of the CAs that may sign its certificate; null for those of the JVM
 * @param cert the PEM file of the certificate that proves who we are, null for none; its key stands in the other
 * @param versions of TLS, {@code TLSv1.3}
 */
public record LinkTls(
        Check check,
        @Nullable Path ca,
        @Nullable Path cert,
        @Nullable Path key,
        List<String> versions) {

    /** What a server has to prove; each one includes those before it. */
    public enum Check {
        /** Nothing: clear text. */
        NONE,
        /** Nothing, but what is sent is encrypted. */
        ENCRYPTED,
        /** That its certificate comes from one of the CAs. */
        CA,
        /** That the certificate is that of the host's name. */
        HOST
    }

    /** The files of {@code tls.*} for one store, beside its URI. */
    public record TlsFiles(
            @Key(
                    def = "",
                    why = "PEM file of the CAs that may sign the server's certificate; `system` for those of"
                            + " the JVM; one in the URI wins")
            @Nullable
            Path ca,

            @Key(def = "", why = "PEM file of the certificate that proves who we are, where the server asks for one")
            @Nullable
            Path cert,

            @Key(def = "", why = "PEM file of its key, not encrypted; readable for this user alone") @Nullable
            Path key) {

        /** Whether any file is named. */
        boolean isSet() {
            return ca != null || cert != null || key != null;
        }
    }

    private static final LinkTls CLEAR = new LinkTls(Check.NONE, null, null, null, List.of());
    private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");
    private static final Path SYSTEM = Path.of("system");

    public LinkTls {
        versions = List.copyOf(versions);
    }

    /** Whether there is any TLS. */
    public boolean isOn() {
        return check != Check.NONE;
    }

    /**
     * What a store's URI asks for; nothing where there is no URI.
     *
     * @throws IllegalArgumentException where that cannot be, with the mend
     */
    static LinkTls of(@Nullable Object uri, TlsFiles tls) {
        if (uri instanceof PostgresUri postgres) {
            return postgres(postgres, tls, Path.of(System.getProperty("user.home", "/")));
        }
        return uri instanceof RedisUri redis ? redis(redis, tls) : CLEAR;
    }

    /**
     * As libpq does it, but for one thing: without a word about {@code sslmode} there is no TLS, or, where a CA is named,
     * the strictest.
     *
     * @param home where libpq looks for files that are not named, below {@code .postgresql}
     * @throws IllegalArgumentException where that cannot be, with the mend
     */
    static LinkTls postgres(PostgresUri uri, TlsFiles tls, Path home) {
        if (uri.isUnixSocket()) {
            return CLEAR; // as libpq, whatever the mode is
        }
        Path named = uri.rootCert() == null ? tls.ca() : PathText.parse(uri.rootCert());
        SslMode mode = mode(uri, tls, named);
        if (mode == SslMode.DISABLE) {
            return CLEAR;
        }
        boolean system = SYSTEM.equals(named);
        require(
                !system || mode == SslMode.VERIFY_FULL,
                "the CA is system, whose CAs sign for anybody: say" + " sslmode=verify-full");
        Path ca = system ? null : named == null ? defaultFile(home, "root.crt") : named;
        require(
                system || ca != null || mode == SslMode.REQUIRE,
                "sslmode=" + mode + " needs a CA: sslrootcert=FILE in the"
                        + " URI, sslrootcert=system for those of the JVM, or postgres.tls.ca");
        Path cert = first(uri.cert(), tls.cert());
        Path key = first(uri.key(), tls.key());
        Path ownCert = cert == null && key == null ? defaultFile(home, "postgresql.crt") : cert;
        Path ownKey = cert == null && key == null && ownCert != null ? defaultFile(home, "postgresql.key") : key;
        return new LinkTls(check(mode, ca), ca, ownCert, ownKey, uri.tlsVersions()).checked("postgres", uri.host());
    }

    private static SslMode mode(PostgresUri uri, TlsFiles tls, @Nullable Path ca) {
        if (uri.sslMode() == null) {
            require(
                    ca != null || (tls.cert() == null && uri.cert() == null),
                    "a client certificate is named, and neither"
                            + " a CA nor an sslmode: say sslmode=verify-full and name the CA by sslrootcert or postgres.tls.ca");
            return ca == null ? SslMode.DISABLE : SslMode.VERIFY_FULL;
        }
        require(
                uri.sslMode() != SslMode.DISABLE || !tls.isSet(),
                "postgres.tls.* names files, and the URI says" + " sslmode=disable: leave out one of them");
        return uri.sslMode();
    }

    private static Check check(SslMode mode, @Nullable Path ca) {
        if (mode == SslMode.REQUIRE) {
            return ca == null ? Check.ENCRYPTED : Check.CA; // as libpq: with a CA at hand it is verify-ca
        }
        return mode == SslMode.VERIFY_FULL ? Check.HOST : Check.CA;
    }

    /**
     * What {@code rediss} asks for: certificate and host name are checked.
     *
     * @throws IllegalArgumentException where that cannot be, with the mend
     */
    static LinkTls redis(RedisUri uri, TlsFiles tls) {
        require(
                uri.tls() || !tls.isSet(),
                "redis.tls.* names files, and the URI is not rediss://, so that nothing would" + " be encrypted");
        if (!uri.tls()) {
            return CLEAR;
        }
        Path ca = SYSTEM.equals(tls.ca()) ? null : tls.ca();
        return new LinkTls(Check.HOST, ca, tls.cert(), tls.key(), VERSIONS).checked("redis", uri.host());
    }

    private LinkTls checked(String section, String host) {
        require(
                check != Check.HOST || host.indexOf('_') < 0,
                "the host name has a _, and no certificate is for such a" + " name: use another name of the host");
        require(
                (cert == null) == (key == null),
                "a client certificate needs its key and the key its certificate: "
                        + section + ".tls.cert and " + section + ".tls.key"
                        + (section.equals("postgres") ? ", or sslcert and sslkey in the URI" : ""));
        if (ca != null) {
            PemFile.requireCertificates(ca);
        }
        if (cert != null) {
            PemFile.requireCertificates(cert);
            PemFile.requireKey(Objects.requireNonNull(key));
        }
        return this;
    }

    private static @Nullable Path defaultFile(Path home, String name) {
        Path file = home.resolve(".postgresql").resolve(name);
        return Files.exists(file) ? file : null;
    }

    private static @Nullable Path first(@Nullable String inUri, @Nullable Path key) {
        return inUri == null ? key : PathText.parse(inUri);
    }

    private static void require(boolean met, String rule) {
        if (!met) {
            throw new IllegalArgumentException(rule);
        }
    }
}
