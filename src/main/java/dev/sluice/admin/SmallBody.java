package dev.sluice.admin;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the body of one admin request: at most {@value #BYTES_MAX} bytes, whole within {@value #DEADLINE_MS} ms of its
 * head. A body that is too large is refused at once and dropped as it comes; one that is late ends its connection.
 */
final class SmallBody {

    static final int BYTES_MAX = 1_024;
    static final long DEADLINE_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(SmallBody.class);

    private final RoutingContext ctx;
    private final Handler<Buffer> whole;
    private final Buffer body = Buffer.buffer();
    private final long deadline;
    private boolean refused;

    private SmallBody(RoutingContext ctx, Handler<Buffer> whole) {
        this.ctx = ctx;
        this.whole = whole;
        this.deadline = ctx.vertx().setTimer(DEADLINE_MS, late -> late());
    }

    /** To be called in the turn in which the head came. */
    static void read(RoutingContext ctx, Handler<Buffer> whole) {
        SmallBody reader = new SmallBody(ctx, whole);
        Vertx vertx = ctx.vertx();
        ctx.request()
                .handler(reader::chunk)
                .exceptionHandler(gone -> vertx.cancelTimer(reader.deadline))
                .endHandler(ended -> reader.end());
    }

    private void chunk(Buffer chunk) {
        if (refused) {
            return;
        }
        body.appendBuffer(chunk);
        if (body.length() > BYTES_MAX) {
            refused = true;
            Answers.problem(ctx, 413, "body_too_large", "the body may have " + BYTES_MAX + " bytes");
        }
    }

    private void end() {
        ctx.vertx().cancelTimer(deadline);
        if (!refused) {
            whole.handle(body);
        }
    }

    private void late() {
        if (!refused) {
            refused = true;
            Answers.problem(ctx, 408, "request_timeout", "the body did not come whole in time");
        }
        ctx.request().connection().close().onFailure(e -> LOG.debug("could not close", e));
    }
}
