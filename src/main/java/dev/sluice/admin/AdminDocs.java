package dev.sluice.admin;

import dev.sluice.listener.Documentation;
import dev.sluice.listener.HttpDate;
import dev.sluice.listener.request.GeneralRequest;
import dev.sluice.listener.request.PiecewiseAnswer;
import dev.sluice.listener.request.PiecewiseAnswer.Pieces;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
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
            send(ctx, file.bytes());
        }
    }

    /** A long one piece by piece: for a client that does not read one piece waits. */
    private static void send(RoutingContext ctx, Buffer bytes) {
        boolean isHead = HttpMethod.HEAD.equals(ctx.request().method());
        if (isHead || bytes.length() <= PiecewiseAnswer.PIECE_BYTES) {
            ctx.response().end(bytes);
            return;
        }
        ctx.response().putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length()));
        PiecewiseAnswer.send(Runnable::run, new GeneralRequest(ctx.request()), Pieces.of(bytes))
                .onFailure(gone -> {});
    }

    static void redirect(RoutingContext ctx) {
        ctx.response()
                .setStatusCode(302)
                .putHeader(HttpHeaders.DATE, HttpDate.now())
                .putHeader(HttpHeaders.LOCATION, Documentation.DOCS)
                .end();
    }
}
