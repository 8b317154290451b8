package dev.sluice.http;

import dev.sluice.bus.OrderDispatcher;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import dev.sluice.order.OrderId;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /orders/{id}} and {@code GET /orders?clientOrderId=K}. 404 only where every store answered that it has no
 * such order, else 503.
 */
final class LookupHandler {

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    static final Problem UNREACHABLE = Problem.of(
            ProblemType.STORES_UNREACHABLE,
            "Not every store answered, so it is not known whether the order exists. Ask again later.");

    private final OrderDispatcher dispatcher;
    private final OutcomeAnswers answers = new OutcomeAnswers();

    LookupHandler(OrderDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    void byId(Exchange exchange, @Nullable String text) {
        if (text == null || !UUID_FORM.matcher(text).matches()) {
            exchange.answer(
                    Answer.problem(Problem.of(ProblemType.NOT_FOUND, "An order's id is a UUID; this is none.")));
            return;
        }
        find(exchange, UUID.fromString(text));
    }

    void byKey(Exchange exchange) {
        KeyQuery query = KeyQuery.of(exchange.request());
        if (query.problem() != null) {
            exchange.answer(Answer.problem(query.problem()));
        } else if (query.key() != null) {
            find(exchange, OrderId.of(exchange.account(), query.key()));
        }
    }

    private void find(Exchange exchange, UUID id) {
        exchange.timing().sent();
        dispatcher
                .find(exchange.account(), id)
                .onComplete(done -> exchange.timing().found())
                .onSuccess(found -> exchange.answer(found.map(answers::found)
                        .orElseGet(() ->
                                Answer.problem(Problem.of(ProblemType.NOT_FOUND, "There is no order " + id + ".")))))
                .onFailure(error -> exchange.answer(Answer.problem(UNREACHABLE, dispatcher.retryAfterSeconds())));
    }
}
