package dev.sluice.admin;

import dev.sluice.listener.ProblemType;
import dev.sluice.listener.request.GeneralRequest;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.OverflowOperations;
import dev.sluice.store.StoreFailure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /admin/overflow} and {@code /admin/dead-letters}: how the overflow fares, and what to do with orders that
 * PostgreSQL will never take. On the admin listener's event loop, wherever the answers come from.
 */
final class OverflowCalls {

    /** A page has about so many bytes at most, and one letter more. */
    static final int PAGE_BYTES_MAX = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(OverflowCalls.class);
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final OverflowOperations overflow;
    private final DeadLetterJson json = new DeadLetterJson();

    OverflowCalls(OverflowOperations overflow) {
        this.overflow = overflow;
    }

    void status(RoutingContext ctx) {
        answer(ctx, overflow.status(), status -> AdminAnswer.json(ctx, json(status)));
    }

    private static JsonObject json(OverflowOperations.Status status) {
        return new JsonObject()
                .put("up", status.up())
                .put("entries", status.entries())
                .put("oldestSeconds", status.oldestSeconds())
                .put("deadLetters", status.deadLetters())
                .put("drainedTotal", status.drainedTotal())
                .put("state", status.state());
    }

    void list(RoutingContext ctx) {
        PageQuery query = PageQuery.of(new GeneralRequest(ctx.request()));
        if (query.fault() != null) {
            AdminAnswer.problem(ctx, ProblemType.INVALID_PARAMETER, query.fault());
        } else {
            answer(ctx, overflow.deadLetters(query.after(), query.limit(), PAGE_BYTES_MAX), page -> page(ctx, page));
        }
    }

    /** Written off the event loop, which answers probes meanwhile. */
    private static void page(RoutingContext ctx, DeadLetters.Page page) {
        ctx.vertx()
                .executeBlocking(() -> new DeadLetterJson().page(page), false)
                .onSuccess(text -> AdminAnswer.send(ctx, 200, AdminAnswer.JSON, text))
                .onFailure(ctx::fail);
    }

    void replay(RoutingContext ctx) {
        change(ctx, overflow::replay, OverflowCalls::notReplayed, 202);
    }

    /** Discarding twice is discarding once. */
    void discard(RoutingContext ctx) {
        change(ctx, overflow::discard, (same, tombstone) -> send(same, 200, tombstone), 200);
    }

    private interface Discarded {
        void answer(RoutingContext ctx, DeadLetter tombstone);
    }

    private static void notReplayed(RoutingContext ctx, DeadLetter tombstone) {
        String detail = "dead letter " + tombstone.id() + " was discarded; submit the order anew instead";
        AdminAnswer.problem(ctx, ProblemType.DEAD_LETTER_DISCARDED, detail);
    }

    private void change(
            RoutingContext ctx,
            Function<UUID, Future<Optional<DeadLetter>>> change,
            Discarded ifDiscarded,
            int status) {
        UUID id = uuid(ctx.pathParam("id"));
        if (id == null) {
            notFound(ctx);
            return;
        }
        answer(ctx, change.apply(id), changed -> {
            if (changed.isPresent()) {
                send(ctx, status, changed.get());
            } else {
                answer(ctx, overflow.deadLetter(id), found -> absent(ctx, found, ifDiscarded));
            }
        });
    }

    private static void absent(RoutingContext ctx, Optional<DeadLetter> found, Discarded ifDiscarded) {
        found.filter(DeadLetter::discarded)
                .ifPresentOrElse(tombstone -> ifDiscarded.answer(ctx, tombstone), () -> notFound(ctx));
    }

    private void send(RoutingContext ctx, int status, DeadLetter letter) {
        AdminAnswer.send(ctx, status, AdminAnswer.JSON, json.text(letter));
    }

    private static void notFound(RoutingContext ctx) {
        AdminAnswer.problem(ctx, ProblemType.DEAD_LETTER_NOT_FOUND, "there is no dead letter with this id");
    }

    /** Null where the text is none. */
    static @Nullable UUID uuid(@Nullable String text) {
        return text != null && UUID_TEXT.matcher(text).matches() ? UUID.fromString(text) : null;
    }

    private static <T> void answer(RoutingContext ctx, Future<T> result, Consumer<T> answer) {
        Context loop = ctx.vertx().getOrCreateContext();
        Handler<AsyncResult<T>> here = done -> {
            if (done.succeeded()) {
                answer.accept(done.result());
            } else {
                failed(ctx, done.cause());
            }
        };
        result.onComplete(done -> loop.runOnContext(ignored -> here.handle(done)));
    }

    private static void failed(RoutingContext ctx, Throwable error) {
        String why = String.valueOf(error.getMessage());
        if (error instanceof OverflowOperations.Disabled) {
            AdminAnswer.problem(ctx, ProblemType.OVERFLOW_DISABLED, why);
        } else if (error instanceof StoreFailure failure) {
            failed(ctx, failure);
        } else {
            LOG.warn("the overflow failed: {}", ctx.normalizedPath(), error);
            AdminAnswer.problem(ctx, ProblemType.OVERFLOW_UNAVAILABLE, "see the log");
        }
    }

    /** An operator reads the server's own words. */
    private static void failed(RoutingContext ctx, StoreFailure failure) {
        String why = String.valueOf(failure.getMessage());
        switch (failure.kind()) {
            case REFUSED -> AdminAnswer.problem(ctx, ProblemType.DEAD_LETTER_NOT_CHANGED, why);
            case NOT_STORED -> AdminAnswer.problem(ctx, ProblemType.OVERFLOW_UNAVAILABLE, why);
            case UNKNOWN ->
                AdminAnswer.problem(
                        ctx,
                        ProblemType.OVERFLOW_UNAVAILABLE,
                        why + "; it may have been done, look again before repeating it");
        }
    }
}
