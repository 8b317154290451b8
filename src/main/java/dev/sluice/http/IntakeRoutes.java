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
import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.tls.CertifiedAccount;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Counters;
import dev.sluice.order.OrderResult;
import dev.sluice.quota.Excess;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What each path and method of the order API reaches, and what is asked of a request before. On one event loop. */
final class IntakeRoutes {

    /**
     * What a request passes first.
     *
     * @param uriBytesMax of a stream's path
     * @param timing whether every answer says its times
     */
    record Gate(
            Exchanges exchanges,
            HeadCheck heads,
            CrossOrigin crossOrigin,
            CertifiedAccount certified,
            Access access,
            IntakeSharedState shared,
            Counters<Bound> refused,
            int uriBytesMax,
            boolean timing) {}

    private static final String ORDERS = "/orders";
    private static final String ORDER = "/orders/";
    private static final String READS = "GET, HEAD";

    private static final Answer NO_ROOM =
            Answer.problem(Problem.of(OrderResult.notStored("the node has no memory left for this request")), 1);

    /**
     * What there is at one path.
     *
     * @param methods with what each reaches
     * @param allow the same methods as text
     */
    private record Place(Map<HttpMethod, Consumer<Exchange>> methods, String allow) {

        static Place ofReads(Consumer<Exchange> handler) {
            return new Place(Map.of(HttpMethod.GET, handler, HttpMethod.HEAD, handler), READS);
        }
    }

    private final LookupHandler lookup;
    private final Gate gate;
    private final Consumer<Exchange> submission;
    private final Map<String, Place> places = new HashMap<>();

    IntakeRoutes(DocsHandler docs, SubmitHandler submit, BulkHandler bulk, LookupHandler lookup, Gate gate) {
        this.lookup = lookup;
        this.gate = gate;
        this.submission = changing(of(Scope.SUBMIT, submit::handle));
        Consumer<Exchange> byKey = of(Scope.READ, lookup::byKey);
        places.put(
                ORDERS,
                new Place(
                        Map.of(HttpMethod.POST, submission, HttpMethod.GET, byKey, HttpMethod.HEAD, byKey),
                        "GET, HEAD, POST"));
        places.put(
                "/orders/batch", new Place(Map.of(HttpMethod.POST, changing(of(Scope.SUBMIT, bulk::handle))), "POST"));
        docs.paths().forEach(path -> places.put(path, Place.ofReads(docs::handle)));
        places.put("/", Place.ofReads(DocsHandler::redirect));
    }

    /** Every request comes here, whichever way it came in. */
    void serve(ClientRequest request) {
        begin(request, handlerOf(request));
    }

    /** The one request that comes by the ten thousand is asked for first. */
    private Consumer<Exchange> handlerOf(ClientRequest request) {
        if (ORDERS.equals(request.uri()) && HttpMethod.POST.equals(request.method())) {
            return submission;
        }
        String path = request.path();
        if (path == null || !HeadCheck.isPlain(path)) {
            return IntakeRoutes::unknownPath;
        }
        if (path.isEmpty()) {
            return IntakeRoutes::malformedTarget;
        }
        Place place = placeOf(path);
        if (place == null) {
            return IntakeRoutes::unknownPath;
        }
        Consumer<Exchange> handler = place.methods().get(request.method());
        return handler == null ? notAllowed(place.allow()) : handler;
    }

    private @Nullable Place placeOf(String path) {
        Place place = places.get(path);
        boolean isOrder = place == null && path.startsWith(ORDER) && path.indexOf('/', ORDER.length()) < 0;
        if (!isOrder) {
            return place;
        }
        String id = path.substring(ORDER.length());
        return Place.ofReads(of(Scope.READ, exchange -> lookup.byId(exchange, id)));
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
            gate.exchanges().endConnection(exchange);
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

    private void begin(ClientRequest request, Consumer<Exchange> handler) {
        Exchange exchange = gate.exchanges().begin(request);
        if (exchange == null) {
            return;
        }
        exchange.measure(ServerTiming.of(request, gate.timing()));
        if (!exchange.reservesHead()) {
            gate.refused().of(Bound.MEMORY).increment();
            exchange.answer(NO_ROOM);
            return;
        }
        Problem invalid = refusal(request);
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

    /** HTTP/1.1's decoder has refused a target that is too long. */
    private @Nullable Problem refusal(ClientRequest request) {
        return request.sharesConnection() && request.uri().length() > gate.uriBytesMax()
                ? Problem.of(ProblemType.URI_TOO_LONG, "The path is too long.")
                : gate.heads().refusal(request);
    }
}
