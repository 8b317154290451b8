package dev.sluice.http;

import dev.sluice.listener.Problem;
import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.request.QueryParameters;
import dev.sluice.order.OrderId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The query of {@code GET /orders?clientOrderId=K}.
 *
 * @param key the client order id, or null where there is a problem
 * @param problem why the query names no key, or null
 */
record KeyQuery(@Nullable String key, @Nullable Problem problem) {

    private static final String NAME = "clientOrderId";

    static KeyQuery of(ClientRequest request) {
        Map<String, List<String>> params = QueryParameters.of(request);
        return params == null ? bad("The query is not well-formed: percent-encode the key in UTF-8.") : of(params);
    }

    private static KeyQuery of(Map<String, List<String>> params) {
        for (String name : params.keySet()) {
            if (!NAME.equals(name) && !ServerTiming.PARAMETER.equals(name)) {
                return bad("The query knows " + NAME + " and " + ServerTiming.PARAMETER + ", nothing else.");
            }
        }
        List<String> values = params.getOrDefault(NAME, List.of());
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
