package dev.sluice.http;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.MemoryBudget.Claim;
import dev.sluice.budget.Part;
import dev.sluice.listener.Connections;
import dev.sluice.listener.request.ClientRequest;
import dev.sluice.metrics.Metrics;
import dev.sluice.quota.AccountQuota;
import dev.sluice.quota.Excess;
import dev.sluice.quota.Quotas;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one intake instance that are not answered yet, oldest first: what the HTTP deadline is held
 * against, and what a shutdown waits for. A linked list through the exchanges, so that entering and leaving cost the
 * same however many there are. Owned by one event loop; only {@link #open()} may be read elsewhere.
 */
final class Exchanges {

    /** A client that sends without a pause is far below it. */
    private static final long BODY_SLOW_MS = 1_000;

    private final Connections connections;
    private final AccessLog accessLog;
    private final Metrics metrics;
    private final CrossOrigin crossOrigin;
    private final MemoryBudget memory;
    private final Quotas quotas;
    private final PieceTurns turns = new PieceTurns();
    private @Nullable Exchange oldest;
    private @Nullable Exchange newest;
    private volatile int open;

    Exchanges(
            Connections connections,
            AccessLog accessLog,
            Metrics metrics,
            CrossOrigin crossOrigin,
            MemoryBudget memory,
            Quotas quotas) {
        this.memory = memory;
        this.quotas = quotas;
        this.connections = connections;
        this.accessLog = accessLog;
        this.metrics = metrics;
        this.crossOrigin = crossOrigin;
    }

    /** Null where its connection is ending, and the request must not be served. */
    @Nullable
    Exchange begin(ClientRequest request) {
        Exchange exchange = new Exchange(this, request, System.nanoTime());
        if (!connections.requestBegan(request, exchange::abandon)) {
            return null;
        }
        enter(exchange);
        return exchange;
    }

    private void enter(Exchange exchange) {
        exchange.older = newest;
        if (newest == null) {
            oldest = exchange;
        } else {
            newest.newer = exchange;
        }
        newest = exchange;
        count(1);
    }

    /** What long answers share the loop by. */
    PieceTurns turns() {
        return turns;
    }

    /** A reservation for one request. */
    Claim claim() {
        return memory.claim(Part.INCOMING);
    }

    /** What accounts may submit. */
    Quotas quotas() {
        return quotas;
    }

    /** Why a request's connection is one too many for its account; null where it is not, and from then on it counts. */
    @Nullable
    Excess takeConnection(Exchange exchange) {
        AccountQuota quota = quotas.of(exchange.account());
        HttpConnection connection = exchange.request().connection();
        Connections.Hold before = connections.hold(connection);
        boolean counts = before instanceof ConnectionOfAccount known && known.quota() == quota;
        if (counts || (before == null && !quota.limitsConnections())) {
            return null;
        }
        Excess excess = quota.takeConnection();
        if (excess == null) {
            connections.holdFor(connection, new ConnectionOfAccount(quota));
        }
        return excess;
    }

    /** Whether the request's connection has taken all that was written to it, but for a bounded rest; no stream tells. */
    boolean takesAnswers(ClientRequest request) {
        return !request.sharesConnection() && connections.takesAnswers(request.connection());
    }

    /** Its connection ends with the answer, whatever else is in progress there. */
    void endConnection(Exchange exchange) {
        connections.endsWithAnswer(exchange.request().connection());
    }

    /** It has its answer, or its client is gone: the deadline is not for it any more. */
    void answering(Exchange exchange) {
        leave(exchange);
    }

    /** The oldest request gives way whose body has been coming in for {@value #BODY_SLOW_MS} ms; false where there is none. */
    boolean giveWay(Answer refusal) {
        long slowSince = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(BODY_SLOW_MS);
        for (Exchange exchange = overdue(slowSince); exchange != null; exchange = exchange.newer) {
            if (exchange.beganNanos() - slowSince > 0) {
                return false;
            }
            if (exchange.giveWay(refusal)) {
                return true;
            }
        }
        return false;
    }

    /** Answered with that status, or 0 where the client went away first. */
    void ended(Exchange exchange, int status) {
        long now = System.nanoTime();
        count(-1);
        connections.requestEnded(exchange.request(), now);
        accessLog.ended(exchange.request(), status, now - exchange.beganNanos());
        metrics.requestNanos().record(now - exchange.beganNanos());
    }

    private void leave(Exchange exchange) {
        Exchange older = exchange.older;
        Exchange newer = exchange.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        exchange.older = null;
        exchange.newer = null;
    }

    /** The oldest exchange, where it began before that instant. */
    @Nullable
    Exchange overdue(long beganBeforeNanos) {
        Exchange first = oldest;
        return first != null && first.beganNanos() - beganBeforeNanos < 0 ? first : null;
    }

    /** A client that ends its side counts as gone: what is left of this request is not worth doing. */
    void endsWithInput(Exchange exchange) {
        connections.endsWithInput(exchange.request().connection());
    }

    /**
     * The answer as it is to be sent: the connection ends with it where the instance leaves or a body is left behind. A
     * stream of HTTP/2 ends alone.
     */
    Answer lastOrNot(Answer answer, ClientRequest request) {
        if (request.sharesConnection()) {
            return answer;
        }
        HttpConnection connection = request.connection();
        boolean last = answer.last()
                || (answer.hasUnknownLength() && HttpVersion.HTTP_1_0 == request.version())
                || connections.isDraining(connection)
                || RequestHead.leavesBodyBehind(request)
                || request.wantsClose();
        if (last) {
            connections.endsWithAnswer(connection);
        }
        return last ? answer.andClose() : answer;
    }

    void putCrossOriginHeaders(ClientRequest request) {
        crossOrigin.putHeaders(request);
    }

    /** Requests not answered; readable on any thread. */
    int open() {
        return open;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written on one event loop only
    private void count(int change) {
        open += change;
    }
}
