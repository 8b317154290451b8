package dev.sluice.admin;

import dev.sluice.auth.Authentication;
import dev.sluice.auth.Scope;
import dev.sluice.config.SluiceConfig;
import dev.sluice.listener.ConnectionBound;
import dev.sluice.listener.Connections;
import dev.sluice.listener.Cut;
import dev.sluice.listener.Documentation;
import dev.sluice.listener.HeadCheck;
import dev.sluice.listener.InvalidRequest;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import dev.sluice.listener.access.Access;
import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.request.GeneralRequest;
import dev.sluice.listener.tls.ListenerContext;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.ForeignSign;
import dev.sluice.metrics.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
    private static final String VERTICLES = "/admin/verticles";

    private final NodeView node;
    private final Metrics metrics;
    private final Readiness readiness;
    private final LoopPulse loops;
    private final AdminGate gate;
    private final int headMs;
    private final HeadCheck heads;
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
        this.gate = new AdminGate(access, this::endsWithAnswer);
        this.heads = new HeadCheck(sites(config.admin(), access, metrics));
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
        Probes probes = new Probes(loops, readiness);
        get(router, "/healthz", probes::health);
        get(router, "/readyz", probes::ready);
        Handler<RoutingContext> reads = gate.needs(Scope.OPS_READ);
        get(router, "/metrics", reads, this::metrics);
        get(router, "/version", reads, this::version);
        Operations operations = new Operations(node.settings(), node.instances(), metrics);
        get(router, "/admin/config", reads, operations::config);
        router.patch(VERTICLES)
                .handler(this::refuseForeign)
                .handler(gate.needs(Scope.OPS_WRITE))
                .handler(operations::resize);
        get(router, VERTICLES, reads, operations::verticles);
        get(router, "/admin/cluster", reads, node.cluster()::answer);
        overflow(router);
        AdminDocs docs = new AdminDocs(vertx);
        docs.paths().forEach(path -> get(router, path, docs::handle));
        get(router, "/", AdminDocs::redirect);
        router.route().handler(AdminVerticle::notFound);
        router.errorHandler(400, ctx -> unlessRefused(ctx, AdminVerticle::badRequest));
        router.errorHandler(404, ctx -> unlessRefused(ctx, AdminVerticle::notFound)); // a target without a path
        router.errorHandler(500, AdminVerticle::failed);
        return router;
    }

    private void overflow(Router router) {
        OverflowCalls overflow = new OverflowCalls(node.overflow());
        get(router, "/admin/overflow", gate.needs(Scope.OPS_READ), overflow::status);
        get(router, "/admin/dead-letters", gate.needs(Scope.DEAD_READ), overflow::list);
        router.post("/admin/dead-letters/:id/replay")
                .handler(this::refuseForeign)
                .handler(gate.needs(Scope.DEAD_WRITE))
                .handler(overflow::replay);
        router.route("/admin/dead-letters/:id/replay").handler(ctx -> methodNotAllowed(ctx, "POST"));
        router.delete("/admin/dead-letters/:id")
                .handler(this::refuseForeign)
                .handler(gate.needs(Scope.DEAD_WRITE))
                .handler(overflow::discard);
        router.route("/admin/dead-letters/:id").handler(ctx -> methodNotAllowed(ctx, "DELETE"));
    }

    /** The port that is listened on, once deployed; 0 before. */
    public int actualPort() {
        return server == null ? 0 : server.actualPort();
    }

    /** The TLS that is spoken here, or null. */
    public @Nullable ListenerContext tls() {
        return tls;
    }

    @SafeVarargs
    private static void get(Router router, String path, Handler<RoutingContext>... handlers) {
        for (Handler<RoutingContext> handler : handlers) {
            router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
        }
        String allow = path.equals(VERTICLES) ? "GET, HEAD, PATCH" : "GET, HEAD";
        router.route(path).handler(ctx -> methodNotAllowed(ctx, allow));
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
        unlessRefused(ctx, AdminVerticle::admitted);
    }

    private void unlessRefused(RoutingContext ctx, Consumer<RoutingContext> handler) {
        Problem refusal = heads.refusal(new GeneralRequest(ctx.request()));
        if (refusal == null) {
            handler.accept(ctx);
        } else {
            endsWithAnswer(ctx);
            AdminAnswer.problem(ctx, refusal);
        }
    }

    private void endsWithAnswer(RoutingContext ctx) {
        connections.endsWithAnswer(ctx.request().connection());
        ctx.response().putHeader(HttpHeaders.CONNECTION, "close");
    }

    private static void admitted(RoutingContext ctx) {
        if (HeadCheck.isPlain(ctx.request().path())) {
            ctx.next();
        } else if (Documentation.isPageMisspelt(new GeneralRequest(ctx.request()))) {
            AdminDocs.redirect(ctx);
        } else {
            notFound(ctx);
        }
    }

    /** What changes something is not for a page of another site. */
    private void refuseForeign(RoutingContext ctx) {
        Problem foreign = heads.foreignRefusal(new GeneralRequest(ctx.request()));
        if (foreign == null) {
            ctx.next();
        } else {
            AdminAnswer.problem(ctx, foreign);
        }
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

    /** Off the event loop, which answers probes meanwhile. */
    private void metrics(RoutingContext ctx) {
        vertx.executeBlocking(metrics::scrape, false)
                .onSuccess(text -> AdminAnswer.send(ctx, 200, Metrics.CONTENT_TYPE, text))
                .onFailure(ctx::fail);
    }

    private void version(RoutingContext ctx) {
        AdminAnswer.json(
                ctx,
                new JsonObject()
                        .put("version", node.version())
                        .put("java", Runtime.version().toString()));
    }

    private static void methodNotAllowed(RoutingContext ctx, String allow) {
        ctx.response().putHeader(HttpHeaders.ALLOW, allow);
        AdminAnswer.problem(ctx, Problem.methodNotAllowed(allow));
    }

    private static void notFound(RoutingContext ctx) {
        AdminAnswer.problem(
                ctx,
                ProblemType.NOT_FOUND,
                "there are /docs, /healthz, /readyz, /metrics, /version, /admin/config, /admin/verticles,"
                        + " /admin/cluster, /admin/overflow and /admin/dead-letters");
    }

    private static void badRequest(RoutingContext ctx) {
        AdminAnswer.problem(ctx, Problem.badRequest("the request target is malformed"));
    }

    private static void failed(RoutingContext ctx) {
        LOG.warn("admin request failed: {}", ctx.normalizedPath(), ctx.failure());
        AdminAnswer.problem(ctx, Problem.internal());
    }
}
