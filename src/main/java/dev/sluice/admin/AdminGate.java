package dev.sluice.admin;

import dev.sluice.auth.Authentication;
import dev.sluice.auth.Authentication.Methods;
import dev.sluice.auth.Decision;
import dev.sluice.auth.Decision.Granted;
import dev.sluice.auth.Decision.Refused;
import dev.sluice.auth.Identity;
import dev.sluice.auth.KeyHash;
import dev.sluice.auth.Scope;
import dev.sluice.config.value.Secret;
import dev.sluice.listener.HeadCheck;
import dev.sluice.listener.Problem;
import dev.sluice.listener.access.Access;
import dev.sluice.listener.access.Denial;
import dev.sluice.listener.request.GeneralRequest;
import dev.sluice.log.Audit;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request pass whose head is in order and whose client has the scope that the call needs, and writes into the
 * audit log what the calls that change something came to. On the admin listener's event loop.
 */
final class AdminGate {

    private static final Set<Scope> AUDITED = Set.of(Scope.OPS_WRITE, Scope.DEAD_WRITE, Scope.KEYS);
    private static final String TARGET = "audit.target";

    private final Access access;
    private final HeadCheck heads;
    private final Consumer<RoutingContext> last;

    /** {@code last} has the connection end with the answer, for a request whose body is not read. */
    AdminGate(Access access, HeadCheck heads, Consumer<RoutingContext> last) {
        this.access = access;
        this.heads = heads;
        this.last = last;
    }

    /** The clients of a listener that takes one token at most. */
    static Authentication byToken(@Nullable Secret token) {
        return token == null
                ? Authentication.trusting(Identity.EVERY_OPERATOR)
                : Authentication.by(new Methods(null, null, KeyHash.of(token.value()), Instant::now));
    }

    /** Answers a request that is refused for its head; hands on any other. */
    void unlessRefused(RoutingContext ctx, Consumer<RoutingContext> handler) {
        Problem refusal = heads.refusal(new GeneralRequest(ctx.request()));
        if (refusal == null) {
            handler.accept(ctx);
        } else {
            last.accept(ctx);
            AdminAnswer.problem(ctx, refusal);
        }
    }

    /** What changes something is not for a page of another site. */
    void refuseForeign(RoutingContext ctx) {
        Problem foreign = heads.foreignRefusal(new GeneralRequest(ctx.request()));
        if (foreign == null) {
            ctx.next();
        } else {
            AdminAnswer.problem(ctx, foreign);
        }
    }

    /** For a call that needs that scope. */
    Handler<RoutingContext> needs(Scope scope) {
        return ctx -> {
            Decision decision = access.decide(new GeneralRequest(ctx.request()), scope);
            if (decision instanceof Granted granted) {
                audit(ctx, scope, granted.identity());
                ctx.next();
            } else if (decision instanceof Refused refused) {
                refuse(ctx, Denial.of(refused.reason(), scope));
            }
        };
    }

    /** What the call is about to change, for the audit log; without it the log has the path. */
    static void changes(RoutingContext ctx, String target) {
        ctx.put(TARGET, target);
    }

    private static void audit(RoutingContext ctx, Scope scope, Identity client) {
        if (AUDITED.contains(scope)) {
            ctx.addEndHandler(ended -> Audit.did(
                    client.described() + " at " + ctx.request().remoteAddress().hostAddress(),
                    String.valueOf(ctx.request().method()),
                    ctx.request().path() + target(ctx),
                    ended.succeeded() ? Integer.toString(ctx.response().getStatusCode()) : "not answered"));
        }
    }

    private static String target(RoutingContext ctx) {
        String target = ctx.get(TARGET);
        return target == null ? "" : " " + target;
    }

    private void refuse(RoutingContext ctx, Denial denial) {
        if (denial.challenge() != null) {
            ctx.response().putHeader(Denial.CHALLENGE, denial.challenge());
        }
        if (denial.retryAfterSeconds() > 0) {
            ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(denial.retryAfterSeconds()));
        }
        if (leavesBodyBehind(ctx.request())) {
            last.accept(ctx);
        }
        AdminAnswer.problem(ctx, denial.problem());
    }

    private static boolean leavesBodyBehind(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean hasBody =
                request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
        return hasBody && !request.isEnded();
    }
}
