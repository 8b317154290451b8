package dev.sluice.admin;

import dev.sluice.listener.Documentation;
import dev.sluice.listener.HttpDate;
import dev.sluice.listener.request.GeneralRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** Answers the documentation of the admin calls, and leads to its page from where people look for it. Needs no token. */
final class AdminDocs {

    private final Documentation documentation;

    AdminDocs(Vertx vertx) {
        documentation = Documentation.ofAdmin(vertx);
    }

    Set<String> paths() {
        return documentation.paths();
    }

    void handle(RoutingContext ctx) {
        documentation
                .file(new GeneralRequest(ctx.request()))
                .onSuccess(file -> answer(ctx, file))
                .onFailure(ctx::fail);
    }

    private static void answer(RoutingContext ctx, Documentation.File file) {
        HttpServerResponse response = ctx.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.putHeader(HttpHeaders.DATE, HttpDate.now()).putHeader(HttpHeaders.CONTENT_TYPE, file.mediaType());
        file.headers().forEach(response::putHeader);
        if (file.isKnown()) {
            response.setStatusCode(304).end();
        } else {
            response.end(file.bytes());
        }
    }

    static void redirect(RoutingContext ctx) {
        ctx.response()
                .setStatusCode(302)
                .putHeader(HttpHeaders.DATE, HttpDate.now())
                .putHeader(HttpHeaders.LOCATION, Documentation.DOCS)
                .end();
    }
}
