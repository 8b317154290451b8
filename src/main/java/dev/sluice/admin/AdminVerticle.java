package dev.sluice.admin;

import dev.sluice.auth.Authentication;
import dev.sluice.config.SluiceConfig;
import dev.sluice.listener.ConnectionBound;
import dev.sluice.listener.Connections;
import dev.sluice.listener.Cut;
import dev.sluice.listener.HeadCheck;
import dev.sluice.listener.InvalidRequest;
import dev.sluice.listener.access.Access;
import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.request.GeneralRequest;
import dev.sluice.listener.tls.ListenerContext;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.ForeignSign;
import dev.sluice.metrics.Metrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin listener: {@code /healthz}, {@code /readyz}, {@code /metrics}, {@code /version}, {@code /admin/config},
 * {@code /admin/verticles}, {@code /admin/cluster}, {@code /admin/overflow}, {@code /admin/dead-letters}, {@code /docs}.
 * One instance, deployed on {@link #ownVertx()}: an event loop of the intake's Vert.x could be shared with an intake, and a blocked intake
 * must not silence {@code /healthz}. Probes need no credentials, since orchestrators send none; all else does where
 * keys or {@code admin.token} are set.
 *
 * <p>Bounds: {@value #CONNECTIONS_MAX} connections, {@value #IDLE_SECONDS} s without a request, {@code http.headMs} for a request head,
 * {@value #HEADER_BYTES_MAX} bytes of headers, bodies as in {@link Operations}. Deployment fails where the port is
 * taken.
 */
public final class AdminVerticle extends VerticleBase {

    static final int CONNECTIONS_MAX = 512;
    static final int HEADER_BYTES_MAX = 8_192;

    private static final Logger LOG = LoggerFactory.getLogger(AdminVerticle.class);
    private static final int REQUEST_LINE_BYTES_MAX = 2_048;
    private static final int IDLE_SECONDS = 30;
    private static final long PING_MS = 500;
    private static final long UNREAD_BYTES_MAX = 16L << 20;

    private final NodeView node;
    private final Metrics metrics;
    private final Readiness readiness;
    private final LoopPulse loops;
    private final AdminGate gate;
    private final int headMs;
    private final int unreadMs;

    private final HttpServerOptions listener;
    private final @Nullable ListenerContext tls;
    private final Connections connections;
    private @Nullable HttpServer server;

    /** As below, for clients that have {@code admin.token}, or for all where there is none. */
    public AdminVerticle(SluiceConfig config, NodeView node, Metrics metrics, Readiness readiness, LoopPulse loops) {
        this(
                config,
                node,
                metrics,
                readiness,
                loops,
                AdminGate.byToken(config.admin().token()));
    }

    /** {@code loops} are pinged from here on and may still be added to. */
    public AdminVerticle(
            SluiceConfig config,
            NodeView node,
            Metrics metrics,
            Readiness readiness,
            LoopPulse loops,
            Authentication authentication) {
        this.listener = new HttpServerOptions()
                .setHost(config.admin().host())
                .setPort(config.admin().port())
                .setSendBufferSize(Connections.SEND_BUFFER_BYTES)
                .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setHttp2ClearTextEnabled(false);
        this.tls = ListenerContext.of("admin", config.admin().tls(), false, metrics);
        if (tls != null) {
            tls.secure(listener, config.http().headMs());
        }
        this.connections = new Connections(
                listener,
                "admin",
                new ConnectionBound(CONNECTIONS_MAX, 0),
                change -> {},
                cut -> metrics.refused().of(bound(cut)).increment());
        this.node = node;
        this.metrics = metrics;
        this.readiness = readiness;
        this.loops = loops;
        this.headMs = config.http().headMs();
        this.unreadMs = config.http().deadlineMs();
        Access access = new Access(authentication, metrics);
        HeadCheck heads = new HeadCheck(sites(config.admin(), access, metrics));
        this.gate = new AdminGate(access, heads, this::endsWithAnswer);
    }

    private static HeadCheck.Sites sites(SluiceConfig.Admin config, Access access, Metrics metrics) {
        boolean trusting = access.isOpen() && config.isLoopback();
        return new HeadCheck.Sites(
                trusting || !config.allowedHostList().isEmpty(),
                config.allowedHostList(),
                "admin.allowedHosts",
                new HashSet<>(),
                List.of(),
                metrics.foreignRequests().of(ForeignSign.HOST)::increment,
                metrics.foreignRequests().of(ForeignSign.ORIGIN)::increment);
    }

    /** A Vert.x with one event loop, for this verticle alone; the caller closes it. */
    public static Vertx ownVertx() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    @Override
    public Future<?> start() {
        pingLoops();
        return listen(routes());
    }

    Router routes() {
        Router router = Router.router(vertx);
        router.route().handler(this::began);
        new AdminRoutes(vertx, node, metrics, new Probes(loops, readiness), gate).addTo(router);
        return router;
    }

    /** The port that is listened on, once deployed; 0 before. */
    public int actualPort() {
        return server == null ? 0 : server.actualPort();
    }

    /** The TLS that is spoken here, or null. */
    public @Nullable ListenerContext tls() {
        return tls;
    }

    private static Bound bound(Cut cut) {
        return switch (cut) {
            case RESET_IN_ANSWER -> Bound.CLIENT_RESET;
            case ANSWER_UNREAD -> Bound.ANSWER_UNREAD;
            case TOO_MUCH_UNREAD -> Bound.UNREAD_BYTES;
            default -> Bound.ADMIN_CONNECTIONS;
        };
    }

    private void pingLoops() {
        loops.ping();
        vertx.setPeriodic(PING_MS, timer -> {
            loops.ping();
            long now = System.nanoTime();
            connections.look(now);
            connections.cutSlowReaders(now - TimeUnit.MILLISECONDS.toNanos(unreadMs), UNREAD_BYTES_MAX, now);
            int late = connections.endLateHeads(now - TimeUnit.MILLISECONDS.toNanos(headMs), now);
            metrics.refused().of(Bound.HTTP_HEAD).add(late);
            connections.closeQuiet(now - TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
        });
    }

    private void began(RoutingContext ctx) {
        ClientRequest request = new GeneralRequest(ctx.request());
        if (!connections.requestBegan(request, () -> {})) {
            return;
        }
        ctx.addEndHandler(ended -> connections.requestEnded(request, System.nanoTime()));
        if (request.wantsClose()) {
            endsWithAnswer(ctx);
        }
        gate.unlessRefused(ctx, AdminRoutes::admitted);
    }

    private void endsWithAnswer(RoutingContext ctx) {
        connections.endsWithAnswer(ctx.request().connection());
        ctx.response().putHeader(HttpHeaders.CONNECTION, "close");
    }

    private Future<HttpServer> listen(Router router) {
        return vertx.createHttpServer(listener)
                .connectionHandler(connections::opened)
                .invalidRequestHandler(InvalidRequest::answer)
                .exceptionHandler(error -> LOG.debug("connection failed", error))
                .requestHandler(router)
                .listen()
                .onSuccess(listening -> server = listening);
    }
}
