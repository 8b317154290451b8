package dev.sluice.load.http;

import dev.sluice.load.LoadSettings;
import dev.sluice.load.run.LoadRun;
import dev.sluice.load.run.RunSetup;
import dev.sluice.load.run.RunningLoad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A load run over HTTP. It has an event loop of its own, a daemon thread that ends with the run. It fails with {@link
 * java.net.ConnectException} where a connection cannot be had.
 */
public final class HttpLoad extends RunningLoad {

    /**
     * A run over HTTP.
     *
     * @param target where to
     * @param settings what every generator is asked
     * @param headers more header lines, {@code Name: value} each
     * @param timeout after which a request without an answer counts as lost, and its connection is closed
     * @param history where to write it, or null for none
     * @param trust whose certificates are taken, of a target that speaks TLS; null for those of the JVM
     */
    public record Options(
            Target target,
            LoadSettings settings,
            List<String> headers,
            Duration timeout,
            @Nullable Path history,
            @Nullable SSLContext trust) {

        /** With the certificates of the JVM. */
        public Options(
                Target target, LoadSettings settings, List<String> headers, Duration timeout, @Nullable Path history) {
            this(target, settings, headers, timeout, history, null);
        }
    }

    private HttpLoad(LoadRun run) {
        super(CompletableFuture.completedFuture(run));
    }

    /**
     * Begins a run.
     *
     * @throws IOException where the host has no address or the history cannot be made
     */
    public static HttpLoad start(Options options) throws IOException {
        Target target = options.target();
        LoadSettings settings = options.settings();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(target.host()), target.port());
        RunSetup setup = RunSetup.of(settings, options.timeout(), options.history(), false);
        HttpRequests requests = new HttpRequests(setup.documents(), settings.batch(), target, options.headers());
        LoadRun run = new LoadRun(setup, new Connector(address, secured(options), requests, setup.needsIds()));
        run.start();
        return new HttpLoad(run);
    }

    private static @Nullable Secured secured(Options options) throws IOException {
        if (!options.target().tls()) {
            return null;
        }
        try {
            SSLContext trust = options.trust() == null ? SSLContext.getDefault() : options.trust();
            return new Secured(trust, options.target().host(), options.target().port());
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this JVM speaks no TLS", e);
        }
    }
}
