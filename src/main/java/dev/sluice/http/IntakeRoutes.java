package dev.sluice.http;

import dev.sluice.auth.Decision;
import dev.sluice.auth.Decision.Granted;
import dev.sluice.auth.Decision.Refused;
import dev.sluice.auth.Scope;
import dev.sluice.listener.Documentation;
import dev.sluice.listener.HeadCheck;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import dev.sluice.listener.access.Access;
import dev.sluice.listener.access.Denial;
import dev.sluice.listener.tls.CertifiedAccount;
import dev.sluice.order.OrderResult;
import dev.sluice.quota.Excess;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/** What each path and method of the order API reaches, and what is asked of a request before. On one event loop. */
final class IntakeRoutes {

    /**
     * What a request passes first.
     *
     * @param timing whether every answer says its times
     */
    record Gate(
            Exchanges exchanges,
            HeadCheck heads,
            CrossOrigin crossOrigin,
            CertifiedAccount certified,
            Access access,
            IntakeSharedState shared,
            boolean timing) {}

    private static final String ORDERS = "/orders";

    private final Vertx vertx;
    private final BulkHandler bulk;
    private final LookupHandler lookup;
    private final Gate gate;
    private final Consumer<Exchange> submission;

    IntakeRoutes(Vertx vertx, SubmitHandler submit, BulkHandler bulk, LookupHandler lookup, Gate gate) {
        this.vertx = vertx;
        this.bulk = bulk;
        this.lookup = lookup;
        this.gate = gate;
        this.submission = changing(of(Scope.SUBMIT, submit::handle));
    }

    /** What the server hands its requests to. */
    Handler<HttpServerRequest> handler() {
        Router router = Router.router(vertx);
        router.post(ORDERS).handler(route(submission));
        router.post("/orders/batch").handler(route(changing(of(Scope.SUBMIT, bulk::handle))));
        router.route("/orders/batch").handler(route(notAllowed("POST")));
        router.route("/orders/:id")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> begin(
                        context.request(), of(Scope.READ, exchange -> lookup.byId(exchange, context.pathParam("id")))));
        get(router, ORDERS, of(Scope.READ, lookup::byKey));
        router.route(ORDERS).handler(route(notAllowed("GET, HEAD, POST")));
        router.route("/orders/:id").handler(route(notAllowed("GET, HEAD")));
        documentation(router);
        router.route().handler(route(IntakeRoutes::unknownPath));
        router.errorHandler(400, route(IntakeRoutes::malformedTarget));
        router.errorHandler(404, route(IntakeRoutes::unknownPath));
        router.errorHandler(500, context -> begin(context.request(), exchange -> exchange.failed(context.failure())));
        return request -> {
            if (isPlainSubmission(request)) {
                begin(request, submission);
            } else if (HeadCheck.isPlain(request.path())) {
                router.handle(request);
            } else {
                begin(request, IntakeRoutes::unknownPath);
            }
        };
    }

    private void documentation(Router router) {
        DocsHandler docs = new DocsHandler(vertx);
        docs.paths().forEach(path -> {
            get(router, path, docs::handle);
            router.route(path).handler(route(notAllowed("GET, HEAD")));
        });
        get(router, "/", DocsHandler::redirect);
        router.route("/").handler(route(notAllowed("GET, HEAD")));
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

    private Consumer<Exchange> notAllowed(String allow) {
        return exchange -> {
            if (gate.crossOrigin().isPreflight(exchange.request())) {
                gate.crossOrigin().answerPreflight(exchange, allow);
            } else {
                exchange.answer(Answer.methodNotAllowed(allow));
            }
        };
    }

    /** What stores something: not for a page of another site, and not while this node stops. */
    private Consumer<Exchange> changing(Consumer<Exchange> handler) {
        return exchange -> {
            Problem foreign = gate.heads().foreignRefusal(exchange.request());
            if (foreign != null) {
                exchange.answer(Answer.problem(foreign));
            } else if (gate.shared().isDraining()) {
                exchange.answer(Answer.problem(Problem.of(OrderResult.notStored("this node is stopping")), 1));
            } else {
                handler.accept(exchange);
            }
        };
    }

    /** What is for clients with that scope, on a connection that counts for their account. No body is read before. */
    private Consumer<Exchange> of(Scope needed, Consumer<Exchange> handler) {
        return exchange -> {
            String certified = gate.certified().of(exchange.request().connection());
            Decision decision = gate.access().decide(exchange.request(), certified, needed);
            if (decision instanceof Granted granted) {
                exchange.isOf(granted.identity());
                counted(exchange, handler);
            } else if (decision instanceof Refused refused) {
                exchange.refuse(Denial.of(refused.reason(), needed));
            }
        };
    }

    private void counted(Exchange exchange, Consumer<Exchange> handler) {
        Excess excess = gate.exchanges().takeConnection(exchange);
        if (excess == null) {
            handler.accept(exchange);
        } else {
            exchange.answer(Answer.excess(excess).andClose());
        }
    }

    private static void unknownPath(Exchange exchange) {
        if (Documentation.isPageMisspelt(exchange.request())) {
            DocsHandler.redirect(exchange);
            return;
        }
        String detail = "There is nothing at " + exchange.request().path() + ".";
        exchange.answer(Answer.problem(Problem.of(ProblemType.NOT_FOUND, detail)));
    }

    private static void malformedTarget(Exchange exchange) {
        exchange.answer(Answer.problem(Problem.badRequest("The request target is malformed.")));
    }

    private void begin(HttpServerRequest request, Consumer<Exchange> handler) {
        Exchange exchange = gate.exchanges().begin(request);
        if (exchange == null) {
            return;
        }
        exchange.measure(ServerTiming.of(request, gate.timing()));
        Problem invalid = gate.heads().refusal(request);
        if (invalid != null) {
            exchange.answer(Answer.problem(invalid).andClose());
            return;
        }
        try {
            handler.accept(exchange);
        } catch (RuntimeException error) {
            exchange.failed(error);
        }
    }
}
