package dev.sluice.http;

import dev.sluice.bus.OrderDispatcher;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Gauge;
import dev.sluice.metrics.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the instances that share the HTTP port: routes, and the deadline of every request. On one event loop. */
public final class IntakeVerticle extends VerticleBase implements Exchange.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeVerticle.class);

    private static final String ORDERS = "/orders";
    private static final long SWEEP_MS = 50;
    private static final int ACCEPT_BACKLOG = 4096;

    /** To Vert.x 0 is another port for each instance, and one below it a free port that they share. */
    private static final int ANY_SHARED_PORT = -1;

    private final String instance;
    private final IntakeOptions options;
    private final IntakeSharedState gate;
    private final Function<Context, OrderDispatcher> dispatchers;
    private final Metrics metrics;
    private final Clock clock;
    private final Exchanges exchanges = new Exchanges();
    private final Connections connections;
    private final BodyBudget budget;
    private final AccessLog accessLog;
    private final Gauge busOutstanding;
    private long busOutstandingShown;

    private final AtomicBoolean draining = new AtomicBoolean();
    private final Promise<Void> drained = Promise.promise();

    private volatile String eventLoop = "";
    private @Nullable HttpServer server;
    private @Nullable OrderDispatcher dispatcher;

    /** The dispatcher is made on the verticle's event loop. */
    public IntakeVerticle(
            String instance,
            IntakeOptions options,
            IntakeSharedState gate,
            Function<Context, OrderDispatcher> dispatchers,
            Metrics metrics,
            Clock clock) {
        this.instance = instance;
        this.options = options;
        this.gate = gate;
        this.dispatchers = dispatchers;
        this.metrics = metrics;
        this.clock = clock;
        this.busOutstanding = metrics.busOutstandingOrders().of(instance);
        this.connections = new Connections(
                new ConnectionGuard(options), gate.connections(), options.connectionsMax(), instance, metrics);
        this.budget = new BodyBudget(options.bodyBufferBytesMax());
        this.accessLog = new AccessLog(options.accessLog());
    }

    @Override
    public Future<?> start() {
        eventLoop = Thread.currentThread().getName();
        gate.join(exchanges);
        OrderDispatcher sending = dispatchers.apply(context);
        dispatcher = sending;
        vertx.setPeriodic(SWEEP_MS, id -> sweep(sending));
        return listen(routes(sending));
    }

    private Future<?> listen(Handler<HttpServerRequest> routes) {
        HttpServer listening = vertx.createHttpServer(serverOptions())
                .connectionHandler(connections::opened)
                .invalidRequestHandler(request -> InvalidRequest.answer(request, accessLog))
                .exceptionHandler(error -> LOG.debug("connection failed", error))
                .requestHandler(routes);
        server = listening;
        return listening.listen();
    }

    private HttpServerOptions serverOptions() {
        return new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port() == 0 ? ANY_SHARED_PORT : options.port())
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setMaxHeaderSize(options.headerBytesMax())
                .setMaxInitialLineLength(options.initialLineBytesMax())
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(false);
    }

    private Handler<HttpServerRequest> routes(OrderDispatcher sending) {
        SubmitHandler submit = new SubmitHandler(sending, metrics, clock, options.bodyBytesMax(), budget);
        BulkHandler bulk = new BulkHandler(vertx, sending, metrics, clock, options, gate.bulkBytes());
        LookupHandler lookup = new LookupHandler(sending);
        Router router = Router.router(vertx);
        router.post(ORDERS).handler(route(submit::handle));
        router.post("/orders/batch").handler(route(bulk::handle));
        router.route("/orders/batch").handler(route(notAllowed("POST")));
        router.route("/orders/:id")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context ->
                        begin(context.request(), exchange -> lookup.byId(exchange, context.pathParam("id"))));
        get(router, ORDERS, lookup::byKey);
        router.route(ORDERS).handler(route(notAllowed("GET, HEAD, POST")));
        router.route("/orders/:id").handler(route(notAllowed("GET, HEAD")));
        documentation(router);
        router.route().handler(route(IntakeVerticle::unknownPath));
        router.errorHandler(400, route(IntakeVerticle::malformedTarget));
        router.errorHandler(404, route(IntakeVerticle::unknownPath));
        router.errorHandler(500, context -> begin(context.request(), exchange -> failed(exchange, context.failure())));
        return request -> {
            if (isPlainSubmission(request)) {
                begin(request, submit::handle);
            } else {
                router.handle(request);
            }
        };
    }

    private void documentation(Router router) {
        DocsHandler docs = new DocsHandler(vertx);
        docs.paths().forEach(path -> {
            get(router, path, docs::handle);
            router.route(path).handler(route(notAllowed("GET, HEAD")));
        });
    }

    /** The one request that comes by the ten thousand takes no detour by the router: 8 % of the CPU of an order. */
    private static boolean isPlainSubmission(HttpServerRequest request) {
        return ORDERS.equals(request.uri()) && HttpMethod.POST.equals(request.method());
    }

    private Handler<RoutingContext> route(Consumer<Exchange> handler) {
        return context -> begin(context.request(), handler);
    }

    private void get(Router router, String path, Consumer<Exchange> handler) {
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(route(handler));
    }

    private static Consumer<Exchange> notAllowed(String allow) {
        return exchange -> exchange.answer(Answer.methodNotAllowed(allow));
    }

    private static void unknownPath(Exchange exchange) {
        exchange.answer(Answer.problem(
                Problem.notFound("There is nothing at " + exchange.request().path() + ".")));
    }

    private static void malformedTarget(Exchange exchange) {
        exchange.answer(Answer.problem(Problem.badRequest("The request target is malformed.")));
    }

    private static void failed(Exchange exchange, @Nullable Throwable error) {
        LOG.error("a request failed", error);
        exchange.answer(Answer.problem(Problem.internal()).andClose());
    }

    private void begin(HttpServerRequest request, Consumer<Exchange> handler) {
        if (!connections.requestBegan(request)) {
            return;
        }
        Exchange exchange = new Exchange(this, request, System.nanoTime());
        exchanges.enter(exchange);
        exchange.measure(ServerTiming.of(request, options.serverTiming()));
        if (RequestHead.lacksHost(request)) {
            exchange.answer(Answer.problem(Problem.badRequest("HTTP/1.1 demands a Host header."))
                    .andClose());
            return;
        }
        if (gate.isDraining() && HttpMethod.POST.equals(request.method())) {
            exchange.answer(Answer.problem(Problem.notStored("this node is stopping"), 1));
            return;
        }
        try {
            handler.accept(exchange);
        } catch (RuntimeException error) {
            failed(exchange, error);
        }
    }

    @Override
    public void endsWithInput(Exchange exchange) {
        connections.endsWithInput(exchange.request().connection());
    }

    @Override
    public void ended(Exchange exchange, int status) {
        long now = System.nanoTime();
        exchanges.leave(exchange);
        connections.requestEnded(exchange.request(), now);
        accessLog.ended(exchange.request(), status, now - exchange.beganNanos());
        metrics.requestNanos().record(now - exchange.beganNanos());
    }

    @Override
    public boolean isDraining(Exchange exchange) {
        return connections.isDraining(exchange.request().connection());
    }

    @Override
    public void lastAnswer(Exchange exchange) {
        connections.endsWithAnswer(exchange.request().connection());
    }

    /**
     * Takes no new connections and ends those it has, each with its next answer or in silence; completes when all
     * have ended, or at the limit, when the rest is cut off. The other instances on the port go on. Any thread.
     */
    public Future<Void> drain(long limitMs) {
        if (draining.compareAndSet(false, true)) {
            gate.door().hold(port(), task -> context.runOnContext(turn -> task.run()), () -> leave(limitMs));
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
        long beganBefore = now - TimeUnit.MILLISECONDS.toNanos(options.deadlineMs() - SWEEP_MS);
        Exchange overdue = exchanges.overdue(beganBefore);
        while (overdue != null) {
            metrics.refused().of(Bound.HTTP_DEADLINE).increment();
            overdue.expire(expired(overdue.sentId(), sending.retryAfterSeconds()));
            overdue = exchanges.overdue(beganBefore);
        }
        busOutstanding.add(sending.outstanding() - busOutstandingShown);
        busOutstandingShown = sending.outstanding();
        connections.closeSilent(now);
        connections.closeQuiet(now - TimeUnit.MILLISECONDS.toNanos(options.idleTimeoutMs()));
    }

    /** An order that was sent may be stored; a body that did not come whole was not. */
    private static Answer expired(@Nullable UUID sentId, int retryAfterSeconds) {
        if (sentId == null) {
            return Answer.problem(Problem.of(
                            408, "request_timeout", "Request timeout", "The request did not come whole in time."))
                    .andClose();
        }
        return Answer.problem(Problem.unknown(sentId, "the HTTP deadline passed"), retryAfterSeconds);
    }

    /** The port in use; meaningful once started. */
    public int port() {
        return server == null ? options.port() : server.actualPort();
    }

    @Override
    public Future<?> stop() {
        gate.leave(exchanges);
        busOutstanding.subtract(busOutstandingShown);
        Future<Void> closed = server == null ? Future.succeededFuture() : server.close();
        return dispatcher == null ? closed : closed.eventually(dispatcher::close);
    }
}
