package dev.sluice.listener;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of one request up to a limit, and within what all bodies of the verticle may take together. A body
 * that came in one piece is not copied. At most one of the abstract methods is called, once; after a refusal the rest
 * of the body is dropped as it comes. On the connection's event loop.
 */
public abstract class BodyReader implements Handler<Buffer>, Runnable {

    private static final Buffer EMPTY = Buffer.buffer(0);

    private final int bytesMax;
    private final BodyBudget budget;
    private @Nullable Buffer body;
    private boolean owned;
    private boolean over;

    protected BodyReader(int bytesMax, BodyBudget budget) {
        this.bytesMax = bytesMax;
        this.budget = budget;
    }

    /** The whole body. */
    protected abstract void whole(Buffer body);

    /** The limit is passed. */
    protected abstract void tooLarge();

    /** All bodies together take too much. */
    protected abstract void noRoom();

    /** The body is no well-formed HTTP/1.1. */
    protected abstract void malformed();

    /** Must run in the turn in which the request's head came. */
    public final void read(HttpServerRequest request) {
        request.handler(this).exceptionHandler(this::failed).endHandler(ended -> end());
    }

    @Override
    public final void handle(Buffer chunk) {
        if (over) {
            return;
        }
        int length = body == null ? 0 : body.length();
        if (length + chunk.length() > bytesMax) {
            run();
            tooLarge();
        } else if (budget.take(chunk.length())) {
            keep(chunk);
        } else {
            run();
            noRoom();
        }
    }

    private void keep(Buffer chunk) {
        if (body == null) {
            body = chunk;
        } else {
            body = (owned ? body : body.copy()).appendBuffer(chunk);
            owned = true;
        }
    }

    private void end() {
        if (!over) {
            Buffer whole = body == null ? EMPTY : body;
            run();
            whole(whole);
        }
    }

    /** A client that is gone hears nothing; one that sent nonsense is told. */
    private void failed(Throwable error) {
        if (!over && !(error instanceof HttpClosedException)) {
            run();
            malformed();
        }
    }

    /** Lets go of the body: it is whole or refused, or its request ended without it. Later calls do nothing. */
    @Override
    public final void run() {
        if (!over) {
            over = true;
            budget.giveBack(body == null ? 0 : body.length());
            body = null;
        }
    }
}
