package dev.sluice.store;

import dev.sluice.config.LinkTls;
import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Says what went wrong with the TLS of a link, and what mends it. The words of the JDK ("unable to find valid
 * certification path") name neither.
 *
 * @param store its name, for messages
 * @param section of its keys, {@code postgres}
 * @param host as the URI has it
 */
public record TlsFailure(String store, String section, String host, LinkTls tls) {

    private static final Pattern ALERT = Pattern.compile("fatal alert: ([a-z_]+)");
    private static final List<String> OUR_CERTIFICATE = List.of(
            "certificate_required", "bad_certificate", "handshake_failure", "unknown_ca", "certificate_unknown");
    private static final List<String> ENDED =
            List.of("SSL handshake failed", "Connection is closed", "CONNECTION_CLOSED", "Connection was closed");
    private static final int CAUSES_MAX = 10;

    /** The failure in a user's words; empty where it is none of TLS. */
    public Optional<RuntimeException> of(Throwable error) {
        List<Throwable> causes = causes(error);
        return causes.stream()
                .map(this::certificate)
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> causes.stream()
                        .map(this::handshake)
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    private static List<Throwable> causes(Throwable error) {
        List<Throwable> causes = new ArrayList<>();
        for (@Nullable Throwable at = error; at != null && causes.size() < CAUSES_MAX; at = at.getCause()) {
            causes.add(0, at); // the innermost one knows best
        }
        return causes;
    }

    private Optional<RuntimeException> certificate(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof CertificateExpiredException) {
            return away("its certificate is over (" + message + "). Renew the server's certificate");
        }
        if (cause instanceof CertificateNotYetValidException) {
            return away("its certificate is not valid yet (" + message + "). Compare the clocks of both machines");
        }
        if (message.contains("unable to find valid certification path")
                || cause instanceof CertPathValidatorException) {
            return unfit(
                    "its certificate comes from none of the CAs " + authorities(),
                    "Name the CA that signed it: " + (section.equals("postgres") ? "sslrootcert in the URI or " : "")
                            + section + ".tls.ca");
        }
        boolean otherHost = message.startsWith("No name matching")
                || message.startsWith("No subject alternative")
                || message.startsWith("Illegal given domain name");
        if (cause instanceof CertificateException && otherHost) {
            return unfit(
                    "its certificate is not that of the host " + host,
                    "Write a name into " + section
                            + ".uri that the certificate has, or give the server one for " + host
                            + (section.equals("postgres") ? "; sslmode=verify-ca checks the CA alone" : ""));
        }
        return Optional.empty();
    }

    private String authorities() {
        return tls.ca() == null ? "of the JVM" : "in " + tls.ca();
    }

    private Optional<RuntimeException> handshake(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof NotSslRecordException) {
            return unfit(
                    "it answers in clear text",
                    "Give the port that speaks TLS, or ask for none in " + section + ".uri");
        }
        if (message.equals("Postgres Server does not handle SSL connection")) {
            return unfit("it has no TLS", "Set ssl = on, ssl_cert_file and ssl_key_file there, or say sslmode=disable");
        }
        Matcher alert = ALERT.matcher(message);
        if (alert.find() && OUR_CERTIFICATE.contains(alert.group(1))) {
            return unfit(
                    "it refuses the handshake (" + alert.group(1) + ")",
                    "Where it asks for a client certificate, name" + " one that it trusts: " + section
                            + ".tls.cert and " + section + ".tls.key");
        }
        boolean endedByServer = tls.isOn() && ENDED.contains(message);
        return cause instanceof SSLException || endedByServer
                ? away("no TLS comes about (" + message
                        + "). Compare the TLS versions of both sides; where the server asks"
                        + " for a client certificate, name one that it trusts: " + section + ".tls.cert and " + section
                        + ".tls.key")
                : Optional.empty();
    }

    /** Nothing cures it but another configuration, here or there. */
    private Optional<RuntimeException> unfit(String what, String mend) {
        return Optional.of(new UnfitStoreException(place() + what, mend));
    }

    /** Certificates are renewed, and servers come back, without anybody touching us. */
    private Optional<RuntimeException> away(String what) {
        return Optional.of(StoreFailure.notStored(place() + what));
    }

    private String place() {
        return store + " (" + section + ".uri) at " + host + " has no link that can be trusted: ";
    }
}
