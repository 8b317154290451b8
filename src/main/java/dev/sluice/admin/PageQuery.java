package dev.sluice.admin;

import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.request.QueryParameters;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which page of dead letters is asked for: {@code ?limit=100&after=ID}, each at most once.
 *
 * @param limit letters of the page
 * @param after the id to go on after; null for the first page
 * @param fault why the query asks for no page; null where it does
 */
record PageQuery(int limit, @Nullable UUID after, @Nullable String fault) {

    static final int LIMIT_DEFAULT = 100;
    static final int LIMIT_MAX = 1_000;

    private static final int LIMIT_DIGITS_MAX = 4;

    static PageQuery of(ClientRequest request) {
        Map<String, List<String>> query = QueryParameters.of(request);
        if (query == null) {
            return bad("the query is not well-formed: percent-encode it in UTF-8");
        }
        List<String> limits = query.getOrDefault("limit", List.of(Integer.toString(LIMIT_DEFAULT)));
        List<String> afters = query.getOrDefault("after", List.of());
        return limits.size() > 1 || afters.size() > 1
                ? bad("limit and after may appear once")
                : of(number(limits.get(0)), afters.isEmpty() ? null : afters.get(0));
    }

    private static PageQuery of(int limit, @Nullable String after) {
        UUID id = OverflowCalls.uuid(after);
        if (limit < 1 || limit > LIMIT_MAX) {
            return bad("limit must be a whole number, 1.." + LIMIT_MAX);
        }
        return after != null && id == null
                ? bad("after must be the id of a dead letter, a UUID")
                : new PageQuery(limit, id, null);
    }

    private static PageQuery bad(String fault) {
        return new PageQuery(0, null, fault);
    }

    private static int number(String text) {
        boolean digits = !text.isEmpty()
                && text.length() <= LIMIT_DIGITS_MAX
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : 0;
    }
}
