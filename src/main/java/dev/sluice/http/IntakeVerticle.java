package dev.sluice.http;

import dev.sluice.bus.OrderDispatcher;
import dev.sluice.config.HttpConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.listener.Connections;
import dev.sluice.listener.HeadCheck;
import dev.sluice.listener.InvalidRequest;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import dev.sluice.listener.access.Access;
import dev.sluice.listener.request.GeneralRequest;
import dev.sluice.listener.tls.CertifiedAccount;
import dev.sluice.listener.tls.ListenerContext;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.ForeignSign;
import dev.sluice.metrics.Gauge;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.OrderResult;
import dev.sluice.order.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the instances that share the HTTP port: routes, and the deadline of every request. On one event loop. */
public final class IntakeVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeVerticle.class);

    private static final long SWEEP_MS = 50;
    private static final int SWEEPS_PER_LOOK = 4;
    private static final int ACCEPT_BACKLOG = 4096;

    /** To Vert.x 0 is another port for each instance, and one below it a free port that they share. */
    private static final int ANY_SHARED_PORT = -1;

    private final String instance;
    private final SluiceConfig config;
    private final HttpConfig http;
    private final IntakeSharedState shared;
    private final Function<Context, OrderDispatcher> dispatchers;
    private final Metrics metrics;
    private final Clock clock;
    private final AccessLog accessLog;
    private final HttpServerOptions listener;
    private final Connections connections;
    private final HeadCheck heads;
    private final CrossOrigin crossOrigin;
    private final Exchanges exchanges;
    private final Gauge busOutstanding;
    private long busOutstandingShown;
    private int sweeps;

    private final AtomicBoolean draining = new AtomicBoolean();
    private final Promise<Void> drained = Promise.promise();

    private volatile String eventLoop = "";
    private @Nullable HttpServer server;
    private @Nullable OrderDispatcher dispatcher;

    /** The dispatcher is made on the verticle's event loop. */
    public IntakeVerticle(
            String instance,
            SluiceConfig config,
            IntakeSharedState shared,
            Function<Context, OrderDispatcher> dispatchers,
            Metrics metrics,
            Clock clock) {
        this.instance = instance;
        this.config = config;
        this.http = config.http();
        this.shared = shared;
        this.dispatchers = dispatchers;
        this.metrics = metrics;
        this.clock = clock;
        this.busOutstanding = metrics.busOutstandingOrders().of(instance);
        this.accessLog = new AccessLog(http.accessLog());
        this.listener = listener(http, shared.tls());
        this.connections = new Connections(
                listener,
                "http",
                shared.connections(),
                metrics.httpConnections().of(instance)::add,
                cut -> metrics.refused().of(CutBound.of(cut)).increment());
        this.heads = new HeadCheck(sites());
        this.crossOrigin = new CrossOrigin(heads);
        this.exchanges = new Exchanges(connections, accessLog, metrics, crossOrigin, shared.memory(), shared.quotas());
    }

    private HeadCheck.Sites sites() {
        boolean trusting = shared.authentication().servesAnonymous() && http.isLoopback();
        return new HeadCheck.Sites(
                trusting || !http.allowedHostList().isEmpty(),
                http.allowedHostList(),
                "http.allowedHosts",
                shared.misdirectedHosts(),
                http.corsOriginList(),
                metrics.foreignRequests().of(ForeignSign.HOST)::increment,
                metrics.foreignRequests().of(ForeignSign.ORIGIN)::increment);
    }

    @Override
    public Future<?> start() {
        eventLoop = Thread.currentThread().getName();
        shared.join(exchanges);
        OrderDispatcher sending = dispatchers.apply(context);
        dispatcher = sending;
        vertx.setPeriodic(SWEEP_MS, id -> sweep(sending));
        IntakeRoutes routes = routes(sending);
        if (http.http2()) {
            connections.speakHttp2(http.headerBytesMax(), routes::serve);
        }
        return listen(request -> routes.serve(new GeneralRequest(request)));
    }

    private Future<?> listen(Handler<HttpServerRequest> routes) {
        HttpServer listening = vertx.createHttpServer(listener)
                .connectionHandler(connections::opened)
                .invalidRequestHandler(request -> accessLog.refused(request, InvalidRequest.answer(request)))
                .exceptionHandler(error -> LOG.debug("connection failed", error))
                .requestHandler(routes);
        server = listening;
        return listening.listen();
    }

    private static HttpServerOptions listener(HttpConfig http, @Nullable ListenerContext tls) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(http.host())
                .setPort(http.port() == 0 ? ANY_SHARED_PORT : http.port())
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setSendBufferSize(Connections.SEND_BUFFER_BYTES)
                .setMaxHeaderSize(http.headerBytesMax())
                .setMaxInitialLineLength(http.initialLineBytesMax())
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(false); // Connections knows HTTP/2, with the bounds of all connections
        if (tls != null) {
            tls.secure(options, http.headMs());
        }
        return options;
    }

    private IntakeRoutes routes(OrderDispatcher sending) {
        return new IntakeRoutes(
                new DocsHandler(vertx),
                new SubmitHandler(sending, metrics, clock, http.bodyBytesMax(), exchanges),
                new BulkHandler(vertx, sending, metrics, clock, config, shared.memory()),
                new LookupHandler(sending),
                new IntakeRoutes.Gate(
                        exchanges,
                        heads,
                        crossOrigin,
                        new CertifiedAccount(http.clientAccounts()),
                        new Access(shared.authentication(), metrics),
                        shared,
                        metrics.refused(),
                        http.initialLineBytesMax(),
                        http.serverTiming()));
    }

    /**
     * Takes no new connections and ends those it has, each with its next answer or in silence; completes when all
     * have ended, or at the limit, when the rest is cut off. The other instances on the port go on. Any thread.
     */
    public Future<Void> drain(long limitMs) {
        if (draining.compareAndSet(false, true)) {
            shared.transport().hold(port(), task -> context.runOnContext(turn -> task.run()), () -> leave(limitMs));
        }
        return drained.future();
    }

    private void leave(long limitMs) {
        connections.drain(System.nanoTime());
        HttpServer listening = Objects.requireNonNull(server, "drained before it started");
        listening.shutdown(limitMs, TimeUnit.MILLISECONDS).onComplete(drained);
    }

    /** The label of its metrics. */
    public String instance() {
        return instance;
    }

    /** Name of the thread that it lives on, once started. */
    public String eventLoop() {
        return eventLoop;
    }

    /** Connections open here. Any thread. */
    public int openConnections() {
        return connections.count();
    }

    private void sweep(OrderDispatcher sending) {
        long now = System.nanoTime();
        long beganBefore = now - TimeUnit.MILLISECONDS.toNanos(http.deadlineMs() - SWEEP_MS);
        Exchange overdue = exchanges.overdue(beganBefore);
        while (overdue != null) {
            metrics.refused().of(Bound.HTTP_DEADLINE).increment();
            overdue.expire(expired(overdue, sending.retryAfterSeconds()));
            overdue = exchanges.overdue(beganBefore);
        }
        busOutstanding.add(sending.outstanding() - busOutstandingShown);
        busOutstandingShown = sending.outstanding();
        metrics.memoryBytes().set((double) shared.memory().held());
        connections.closeSilent(now);
        if (sweeps++ % SWEEPS_PER_LOOK == 0) { // ten thousand connections take milliseconds
            endLate(now);
        }
    }

    private void endLate(long now) {
        connections.look(now);
        long stalledSince = now - TimeUnit.MILLISECONDS.toNanos(http.deadlineMs());
        connections.cutSlowReaders(stalledSince, shared.unreadBytesMax(), now);
        int late = connections.endLateHeads(now - TimeUnit.MILLISECONDS.toNanos(http.headMs()), now);
        metrics.refused().of(Bound.HTTP_HEAD).add(late);
        connections.closeQuiet(now - TimeUnit.MILLISECONDS.toNanos(http.idleTimeoutMs()));
    }

    /** An order that was sent may be stored; a body that did not come whole was not; else it is a look-up that took too long. */
    private static Answer expired(Exchange overdue, int retryAfterSeconds) {
        UUID sentId = overdue.sentId();
        if (sentId != null) {
            OrderResult unknown = OrderResult.of(sentId, new Outcome.Unknown("the HTTP deadline passed"));
            return Answer.problem(Problem.of(unknown), retryAfterSeconds);
        }
        return overdue.request().isEnded()
                ? Answer.problem(LookupHandler.UNREACHABLE, retryAfterSeconds)
                : Answer.problem(Problem.of(ProblemType.REQUEST_TIMEOUT, "The request did not come whole in time."))
                        .andClose();
    }

    /** The port in use, once started. */
    public int port() {
        return server == null ? http.port() : server.actualPort();
    }

    @Override
    public Future<?> stop() {
        shared.leave(exchanges);
        busOutstanding.subtract(busOutstandingShown);
        Future<Void> closed = server == null ? Future.succeededFuture() : server.close();
        return dispatcher == null ? closed : closed.eventually(dispatcher::close);
    }
}
