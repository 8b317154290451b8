package dev.sluice.http;

import dev.sluice.bus.OrderDispatcher;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code GET /orders/{id}}. 404 only where every store answered that it has no such order, else 503. */
final class LookupHandler {

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private final OrderDispatcher dispatcher;
    private final OutcomeAnswers answers = new OutcomeAnswers();

    LookupHandler(OrderDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    void byId(Exchange exchange, @Nullable String text) {
        if (text == null || !UUID_FORM.matcher(text).matches()) {
            exchange.answer(Answer.problem(Problem.notFound("An order's id is a UUID; this is none.")));
            return;
        }
        find(exchange, UUID.fromString(text));
    }

    private void find(Exchange exchange, UUID id) {
        dispatcher
                .find(Accounts.DEFAULT, id)
                .onSuccess(found -> exchange.answer(found.map(answers::found)
                        .orElseGet(() -> Answer.problem(Problem.notFound("There is no order " + id + ".")))))
                .onFailure(error ->
                        exchange.answer(Answer.problem(Problem.storesUnreachable(), dispatcher.retryAfterSeconds())));
    }
}
