package dev.sluice.http;

import dev.sluice.listener.HeadCheck;
import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.request.Reply;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;

/**
 * What a browser must hear before a page of another origin may call, and may read the answer: headers for the origins
 * in {@code http.cors.origins}, none for others, and no credentials of the browser's. Owned by one event loop.
 */
final class CrossOrigin {

    private static final CharSequence ALLOW_ORIGIN = HttpHeaders.createOptimized("Access-Control-Allow-Origin");
    private static final CharSequence ALLOW_METHODS = HttpHeaders.createOptimized("Access-Control-Allow-Methods");
    private static final CharSequence ALLOW_HEADERS = HttpHeaders.createOptimized("Access-Control-Allow-Headers");
    private static final CharSequence EXPOSE_HEADERS = HttpHeaders.createOptimized("Access-Control-Expose-Headers");
    private static final CharSequence MAX_AGE = HttpHeaders.createOptimized("Access-Control-Max-Age");
    private static final CharSequence REQUEST_METHOD = HttpHeaders.createOptimized("Access-Control-Request-Method");

    private static final CharSequence SENT =
            HttpHeaders.createOptimized("Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Request-Id");
    private static final CharSequence READ = HttpHeaders.createOptimized(
            "Allow, Date, ETag, Idempotent-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, Server-Timing,"
                    + " WWW-Authenticate, X-Request-Id");
    private static final CharSequence TEN_MINUTES = HttpHeaders.createOptimized("600");

    private final HeadCheck heads;

    CrossOrigin(HeadCheck heads) {
        this.heads = heads;
    }

    /** Every answer has them: a cache must tell those for one origin from those for another. */
    void putHeaders(ClientRequest request) {
        if (!heads.allowsOrigins()) {
            return;
        }
        Reply reply = request.reply();
        reply.header(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && heads.isAllowed(origin)) {
            reply.header(ALLOW_ORIGIN, origin);
            reply.header(EXPOSE_HEADERS, READ);
        }
    }

    /** Whether a browser asks what a page may do before the page does it, and the page may do something. */
    boolean isPreflight(ClientRequest request) {
        return HttpMethod.OPTIONS.equals(request.method())
                && request.headers().contains(REQUEST_METHOD)
                && heads.isAllowed(request.getHeader(HttpHeaders.ORIGIN));
    }

    void answerPreflight(Exchange exchange, String methods) {
        exchange.header(ALLOW_METHODS, methods);
        exchange.header(ALLOW_HEADERS, SENT);
        exchange.header(MAX_AGE, TEN_MINUTES);
        exchange.answer(Answer.empty(204));
    }
}
