package dev.sluice.http;

import dev.sluice.listener.Documentation;
import dev.sluice.listener.Problem;
import io.vertx.core.Vertx;
import java.util.Set;

/** Answers the documentation of the order API, and leads to its page from where people look for it. */
final class DocsHandler {

    private final Documentation documentation;

    DocsHandler(Vertx vertx) {
        documentation = Documentation.ofOrders(vertx);
    }

    Set<String> paths() {
        return documentation.paths();
    }

    void handle(Exchange exchange) {
        documentation
                .file(exchange.request())
                .onSuccess(file -> {
                    file.headers().forEach(exchange::header);
                    exchange.answer(
                            file.isKnown()
                                    ? Answer.notModified(file.mediaType())
                                    : Answer.page(file.mediaType(), file.bytes()));
                })
                .onFailure(error -> exchange.answer(Answer.problem(Problem.internal())));
    }

    static void redirect(Exchange exchange) {
        exchange.answer(Answer.redirect(302, Documentation.DOCS));
    }
}
