package dev.sluice.listener.access;

import dev.sluice.auth.Refusal;
import dev.sluice.auth.Scope;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that is not served to its client.
 *
 * @param challenge the value of {@code WWW-Authenticate}; null where credentials do not help
 * @param retryAfterSeconds 0 where a retry is not invited
 */
public record Denial(Problem problem, @Nullable String challenge, int retryAfterSeconds) {

    /** The header that carries the challenge. */
    public static final String CHALLENGE = "WWW-Authenticate";

    private static final String REALM = "Bearer realm=\"sluice\"";

    private static final Denial UNAUTHENTICATED =
            new Denial(Problem.of(ProblemType.UNAUTHENTICATED, "Send Authorization: Bearer with a key."), REALM, 0);

    /** One text for all: it tells nothing about the keys that there are. */
    private static final Denial INVALID_TOKEN = new Denial(
            Problem.of(
                    ProblemType.INVALID_TOKEN,
                    "The key or token is not valid here: unknown, not valid yet, expired or revoked."),
            REALM + ", error=\"invalid_token\"",
            0);

    private static final Denial INVALID_REQUEST = new Denial(
            Problem.of(
                    ProblemType.INVALID_REQUEST,
                    "Send one Authorization header, Bearer and one key or token, and no access_token elsewhere."),
            REALM + ", error=\"invalid_request\"",
            0);

    private static final Denial AUTH_UNAVAILABLE = new Denial(
            Problem.of(
                    ProblemType.AUTH_UNAVAILABLE,
                    "This node cannot tell now which keys are valid. Nothing was stored; send it again later."),
            null,
            1);

    private static final Map<Scope, Denial> INSUFFICIENT_SCOPE = insufficientScope();

    private static Map<Scope, Denial> insufficientScope() {
        Map<Scope, Denial> denials = new EnumMap<>(Scope.class);
        for (Scope scope : Scope.values()) {
            Problem problem = Problem.of(
                    ProblemType.INSUFFICIENT_SCOPE, "The key or token has not the scope " + scope.text() + ".");
            String challenge = REALM + ", error=\"insufficient_scope\", scope=\"" + scope.text() + "\"";
            denials.put(scope, new Denial(problem, challenge, 0));
        }
        return denials;
    }

    /** The answer where that scope was needed. */
    @SuppressWarnings("NullAway") // every scope has its denial
    public static Denial of(Refusal reason, Scope needed) {
        return switch (reason) {
            case UNAUTHENTICATED -> UNAUTHENTICATED;
            case INVALID_TOKEN -> INVALID_TOKEN;
            case INVALID_REQUEST -> INVALID_REQUEST;
            case INSUFFICIENT_SCOPE -> INSUFFICIENT_SCOPE.get(needed);
            case AUTH_UNAVAILABLE -> AUTH_UNAVAILABLE;
        };
    }
}
