package dev.sluice.http;

import dev.sluice.listener.Problem;
import dev.sluice.order.OrderId;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query of {@code GET /orders?clientOrderId=K}.
 *
 * @param key the client order id, or null where there is a problem
 * @param problem why the query names no key, or null
 */
record KeyQuery(@Nullable String key, @Nullable Problem problem) {

    private static final String NAME = "clientOrderId";

    static KeyQuery of(HttpServerRequest request) {
        try {
            return of(request.params(true));
        } catch (IllegalArgumentException malformed) {
            return bad("The query is not well-formed: percent-encode the key in UTF-8.");
        }
    }

    private static KeyQuery of(MultiMap params) {
        for (String name : params.names()) {
            if (!NAME.equals(name) && !ServerTiming.PARAMETER.equals(name)) {
                return bad("The query knows " + NAME + " and " + ServerTiming.PARAMETER + ", nothing else.");
            }
        }
        List<String> values = params.getAll(NAME);
        if (values.isEmpty()) {
            return bad("Name the order: GET /orders?" + NAME + "=…, or GET /orders/{id}.");
        }
        return values.size() > 1 ? bad("Name one order: " + NAME + " must appear once.") : of(values.get(0));
    }

    private static KeyQuery of(String key) {
        String fault = OrderId.faultOf(key);
        return fault == null
                ? new KeyQuery(key, null)
                : bad(NAME + " " + fault + "; in a query + is a space, write it %2B.");
    }

    private static KeyQuery bad(String detail) {
        return new KeyQuery(null, Problem.badRequest(detail));
    }
}
