package dev.sluice.http;

import dev.sluice.listener.Connections;
import dev.sluice.metrics.Metrics;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one intake instance that are not answered yet, oldest first: what the HTTP deadline is held
 * against, and what a shutdown waits for. A linked list through the exchanges, so that entering and leaving cost the
 * same however many there are. Owned by one event loop; only {@link #open()} may be read elsewhere.
 */
final class Exchanges {

    private final Connections connections;
    private final AccessLog accessLog;
    private final Metrics metrics;
    private final CrossOrigin crossOrigin;
    private @Nullable Exchange oldest;
    private @Nullable Exchange newest;
    private volatile int open;

    Exchanges(Connections connections, AccessLog accessLog, Metrics metrics, CrossOrigin crossOrigin) {
        this.connections = connections;
        this.accessLog = accessLog;
        this.metrics = metrics;
        this.crossOrigin = crossOrigin;
    }

    /** Null where its connection is ending, and the request must not be served. */
    @Nullable
    Exchange begin(HttpServerRequest request) {
        if (!connections.requestBegan(request)) {
            return null;
        }
        Exchange exchange = new Exchange(this, request, System.nanoTime());
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

    /** Answered with that status, or 0 where the client went away first. */
    void ended(Exchange exchange, int status) {
        long now = System.nanoTime();
        leave(exchange);
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
        count(-1);
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

    /** The answer as it is to be sent: the connection ends with it where the instance leaves or a body is left behind. */
    Answer lastOrNot(Answer answer, HttpServerRequest request) {
        HttpConnection connection = request.connection();
        boolean last = answer.last()
                || connections.isDraining(connection)
                || RequestHead.leavesBodyBehind(request)
                || RequestHead.wantsClose(request);
        if (last) {
            connections.endsWithAnswer(connection);
        }
        return last ? answer.andClose() : answer;
    }

    void putCrossOriginHeaders(HttpServerRequest request) {
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
