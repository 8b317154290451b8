package dev.sluice.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Writes the answers of the admin listener: JSON, and RFC 9457 problem documents. Never cached. */
final class Answers {

    private Answers() {}

    static void json(RoutingContext ctx, JsonObject body) {
        send(ctx, 200, "application/json", body.encode());
    }

    static void problem(RoutingContext ctx, int status, String code, String detail) {
        problem(ctx, status, code, detail, new JsonObject());
    }

    /** With members of its own after the standard ones. */
    static void problem(RoutingContext ctx, int status, String code, String detail, JsonObject more) {
        JsonObject body = new JsonObject()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail)
                .put("code", code)
                .mergeIn(more);
        send(ctx, status, "application/problem+json", body.encode());
    }

    static void send(RoutingContext ctx, int status, String mediaType, String body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body);
    }
}
