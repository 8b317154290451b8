package dev.sluice.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the body of one request up to a limit, and within what all bodies of the instance may take; a body that
 * came in one piece is not copied. A body that is no well-formed HTTP is answered here.
 */
final class BodyReader implements Handler<Buffer>, Runnable {

    /** Who waits for the body; at most one of them is called, once. */
    interface Receiver {
        void body(Buffer body);

        /** The limit is passed; the rest of the body is dropped as it comes. */
        void tooLarge();

        /** All bodies together take too much; the rest of this one is dropped as it comes. */
        void noRoom();
    }

    private static final Logger LOG = LoggerFactory.getLogger(BodyReader.class);
    private static final Buffer EMPTY = Buffer.buffer(0);

    private final Exchange exchange;
    private final int bytesMax;
    private final BodyBudget budget;
    private final Receiver receiver;
    private @Nullable Buffer body;
    private boolean owned;
    private boolean over;

    private BodyReader(Exchange exchange, int bytesMax, BodyBudget budget, Receiver receiver) {
        this.exchange = exchange;
        this.bytesMax = bytesMax;
        this.budget = budget;
        this.receiver = receiver;
    }

    static void read(Exchange exchange, int bytesMax, BodyBudget budget, Receiver receiver) {
        BodyReader reader = new BodyReader(exchange, bytesMax, budget, receiver);
        exchange.atEnd(reader);
        exchange.request().handler(reader).exceptionHandler(reader::failed).endHandler(ended -> reader.end());
    }

    @Override
    public void handle(Buffer chunk) {
        if (over) {
            return;
        }
        int length = body == null ? 0 : body.length();
        if (length + chunk.length() > bytesMax) {
            run();
            receiver.tooLarge();
        } else if (budget.take(chunk.length())) {
            keep(chunk);
        } else {
            run();
            receiver.noRoom();
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
            hand(whole);
        }
    }

    private void hand(Buffer whole) {
        try {
            receiver.body(whole);
        } catch (RuntimeException error) {
            LOG.error("a request failed", error);
            exchange.answer(Answer.problem(Problem.internal()).andClose());
        }
    }

    /** What a client that is gone would hear is nobody's concern; one that sent nonsense is told. */
    private void failed(Throwable error) {
        if (!over && !(error instanceof HttpClosedException)) {
            run();
            exchange.answer(Answer.problem(Problem.badRequest("The body is not well-formed HTTP/1.1."))
                    .andClose());
        }
    }

    /** Lets go of the body: it is whole, refused, or the exchange ended without it. */
    @Override
    public void run() {
        if (!over) {
            over = true;
            budget.giveBack(body == null ? 0 : body.length());
            body = null;
        }
    }
}
