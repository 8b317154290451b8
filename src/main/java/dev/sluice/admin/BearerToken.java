package dev.sluice.admin;

import dev.sluice.config.value.Secret;
import dev.sluice.listener.ProblemType;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request pass that carries the right {@code Authorization: Bearer}, or all where no token is set. Digests
 * are compared, in a time that depends neither on where they differ nor on the token's length.
 */
final class BearerToken implements Handler<RoutingContext> {

    private static final Pattern BEARER = Pattern.compile("bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);

    private final byte @Nullable [] expected;

    BearerToken(@Nullable Secret token) {
        expected = token == null ? null : digest(token.value());
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (passes(ctx.request().getHeader(HttpHeaders.AUTHORIZATION))) {
            ctx.next();
        } else {
            ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"sluice-admin\"");
            AdminAnswer.problem(
                    ctx, ProblemType.UNAUTHORIZED, "send Authorization: Bearer with the value of admin.token");
        }
    }

    boolean passes(@Nullable String authorization) {
        if (expected == null) {
            return true;
        }
        Matcher bearer = BEARER.matcher(authorization == null ? "" : authorization);
        return bearer.matches() && MessageDigest.isEqual(expected, digest(bearer.group(1)));
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
