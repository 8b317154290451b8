package dev.sluice.http;

import dev.sluice.listener.Problem;
import dev.sluice.listener.request.ClientRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Idempotency-Key} header: a structured-field string (RFC 9651), quotes optional.
 *
 * @param value without quotes, or null where the header is absent
 * @param problem why the header is no key, or null
 */
record IdempotencyKey(@Nullable String value, @Nullable Problem problem) {

    static final String HEADER = "Idempotency-Key";
    private static final IdempotencyKey ABSENT = new IdempotencyKey(null, null);

    static IdempotencyKey of(ClientRequest request) {
        if (request.getHeader(HEADER) == null) {
            return ABSENT;
        }
        List<String> values = request.headers().getAll(HEADER);
        return values.size() == 1 ? parse(values.get(0).trim()) : malformed("must be sent once");
    }

    static IdempotencyKey parse(String text) {
        return text.startsWith("\"") ? parseQuoted(text) : new IdempotencyKey(text, null);
    }

    private static IdempotencyKey parseQuoted(String text) {
        StringBuilder value = new StringBuilder(text.length());
        int i = 1;
        while (i < text.length() && text.charAt(i) != '"') {
            if (text.charAt(i) == '\\') {
                i++;
                if (i == text.length() || (text.charAt(i) != '"' && text.charAt(i) != '\\')) {
                    return malformed("escapes only \\\" and \\\\");
                }
            }
            value.append(text.charAt(i++));
        }
        return i == text.length() - 1
                ? new IdempotencyKey(value.toString(), null)
                : malformed("must be one quoted string");
    }

    private static IdempotencyKey malformed(String detail) {
        return new IdempotencyKey(null, Problem.badRequest("The " + HEADER + " header " + detail + "."));
    }
}
