package dev.sluice.admin;

import dev.sluice.listener.HttpDate;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Writes the answers of the admin listener: JSON, and problem documents. Never cached. */
final class AdminAnswer {

    static final String JSON = "application/json";

    private AdminAnswer() {}

    static void json(RoutingContext ctx, JsonObject body) {
        send(ctx, 200, JSON, body.encode());
    }

    static void problem(RoutingContext ctx, ProblemType type, String detail) {
        problem(ctx, Problem.of(type, detail));
    }

    static void problem(RoutingContext ctx, Problem problem) {
        send(ctx, problem.status(), Problem.MEDIA_TYPE, problem.json().encode());
    }

    /** With members of its own after the standard ones. */
    static void problem(RoutingContext ctx, Problem problem, JsonObject more) {
        send(
                ctx,
                problem.status(),
                Problem.MEDIA_TYPE,
                problem.json().mergeIn(more).encode());
    }

    static void send(RoutingContext ctx, int status, String mediaType, String body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.DATE, HttpDate.now())
                .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body);
    }
}
