package dev.sluice.config;

import dev.sluice.config.file.ServerTlsFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether a listener speaks TLS, with which files, and what it asks of its clients. */
public record ListenerTls(
        @Key(
                def = "",
                why = "PEM file of the certificate that this listener shows, those above it behind; with it the"
                        + " listener speaks TLS 1.2 and 1.3 and nothing else; read again when it changes")
        @Nullable
        Path cert,

        @Key(def = "", why = "PEM file of its key, not encrypted; readable for this user alone") @Nullable
        Path key,

        @Key(def = "", why = "PEM file of the CAs that may sign the certificates of clients") @Nullable
        Path clientCa,

        @Key(
                def = "none",
                why = "whether a client has to show a certificate; request: one that it shows has to be good")
        ClientAuth clientAuth) {

    /** What is asked of a client. */
    public enum ClientAuth {
        NONE,
        REQUEST,
        REQUIRE
    }

    /**
     * What keeps a listener from speaking TLS.
     *
     * @param key {@code cert}, {@code key}, {@code clientCa} or {@code clientAuth}
     * @param text what is wrong and what mends it
     */
    record Problem(String key, String text) {}

    /** Whether it speaks TLS. */
    public boolean isOn() {
        return cert != null;
    }

    /** The files; only where it speaks TLS. */
    public ServerTlsFiles files() {
        if (cert == null || key == null) {
            throw new IllegalStateException("a listener without TLS has no files");
        }
        return new ServerTlsFiles(cert, key, clientCa);
    }

    /** Null where TLS can be spoken, or is not wanted. Reads the files. */
    @Nullable
    Problem problem() {
        if ((cert == null) != (key == null)) {
            return cert == null
                    ? new Problem("key", "a key needs its certificate: name it too, or leave out both")
                    : new Problem("cert", "a certificate needs its key: name it too, or leave out both");
        }
        if (cert == null && (clientCa != null || clientAuth != ClientAuth.NONE)) {
            return new Problem(
                    clientCa == null ? "clientAuth" : "clientCa",
                    "certificates of clients are seen by TLS alone: name the listener's certificate and its key");
        }
        if ((clientCa == null) != (clientAuth == ClientAuth.NONE)) {
            return clientCa == null
                    ? new Problem("clientAuth", "to judge a client's certificate takes a clientCa: name it")
                    : new Problem(
                            "clientCa", "no client is asked for a certificate: say clientAuth request or require");
        }
        return isOn() ? unfit() : null;
    }

    private @Nullable Problem unfit() {
        try {
            files().read();
            return null;
        } catch (ServerTlsFiles.Unfit e) {
            return new Problem(e.which(), String.valueOf(e.getMessage()));
        }
    }

    /** {@code https} or {@code http}. */
    public String scheme() {
        return isOn() ? "https" : "http";
    }
}
