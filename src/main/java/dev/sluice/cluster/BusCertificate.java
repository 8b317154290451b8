package dev.sluice.cluster;

import dev.sluice.config.ClusterConfig;
import dev.sluice.config.ClusterConfig.BusTls;
import dev.sluice.config.file.PemFile;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that this node shows on the event bus: when it is over, and whether another one lies in its place,
 * which the node takes at its next start and not before. {@link #look} reads the file and is not for an event loop.
 */
public final class BusCertificate {

    private static final Logger LOG = LoggerFactory.getLogger(BusCertificate.class);

    private static final long LOOK_MS = 10_000;

    private final Path file;
    private final List<X509Certificate> shown;
    private final DoubleConsumer expiresSeconds;
    private boolean said;

    /** The one that lies there now, which the bus reads too. */
    BusCertificate(Path file, DoubleConsumer expiresSeconds) {
        this.file = file;
        this.expiresSeconds = expiresSeconds;
        this.shown = PemFile.requireCertificates(file);
    }

    /**
     * Looks at it every {@value #LOOK_MS} ms, on a worker of that Vert.x; nothing to do where the bus speaks no TLS.
     *
     * @param expiresSeconds told how long it is good from now on, below 0 where it is over
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a look that failed is logged, and the next one comes
    public static void watch(ClusterConfig config, Vertx vertx, DoubleConsumer expiresSeconds) {
        BusTls tls = config.tls();
        if (!config.enabled() || !tls.isOn()) {
            return;
        }
        Path file = Objects.requireNonNull(tls.cert());
        vertx.executeBlocking(() -> new BusCertificate(file, expiresSeconds).lookNow(), false)
                .onSuccess(certificate -> vertx.setPeriodic(
                        LOOK_MS,
                        id -> vertx.executeBlocking(certificate::lookNow, false)
                                .onFailure(BusCertificate::notLookedAt)))
                .onFailure(BusCertificate::notLookedAt);
    }

    private static void notLookedAt(Throwable error) {
        LOG.warn("cluster.tls.cert was not looked at: {}", error.getMessage());
    }

    private BusCertificate lookNow() {
        look(Instant.now());
        return this;
    }

    /** Shows when the one in use is over, and says once that another one waits for a restart. */
    synchronized void look(Instant now) {
        expiresSeconds.accept(shown.stream()
                .map(one -> one.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .map(end -> (double) (end.getEpochSecond() - now.getEpochSecond()))
                .orElseThrow());
        if (!said && !PemFile.requireCertificates(file).equals(shown)) {
            said = true;
            LOG.warn(
                    "cluster.tls.cert: {} holds another certificate now; the event bus shows the one before until this"
                            + " node is started again: restart the nodes one by one (docs/cluster.md)",
                    file);
        }
    }
}
