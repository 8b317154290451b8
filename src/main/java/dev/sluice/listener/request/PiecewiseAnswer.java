package dev.sluice.listener.request;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.Executor;

/**
 * Sends the body of an answer piece by piece: the next one when the connection has taken the one before, so that a
 * client that does not read has one piece made for it. On the connection's event loop.
 */
public final class PiecewiseAnswer {

    /** Makes the pieces of a body. */
    @FunctionalInterface
    public interface Pieces {

        /** The next one; empty behind the last. */
        Buffer next();

        /** Parts of a body that is there. */
        static Pieces of(Buffer body) {
            return new Pieces() {
                private int from;

                @Override
                public Buffer next() {
                    int begin = from;
                    from = Math.min(body.length(), begin + PIECE_BYTES);
                    return body.slice(begin, from);
                }
            };
        }
    }

    /** A body beyond it is sent in pieces of that size. */
    public static final int PIECE_BYTES = 32 * 1024;

    private final Executor turns;
    private final Reply reply;
    private final Pieces pieces;
    private final Promise<Void> sent = Promise.promise();

    private PiecewiseAnswer(Executor turns, Reply reply, Pieces pieces) {
        this.turns = turns;
        this.reply = reply;
        this.pieces = pieces;
    }

    /**
     * Sends all; the head is set. The result stands when the connection has taken the last piece, or is gone.
     *
     * @param turns runs what makes a piece, when it is its turn; on the same event loop
     */
    public static Future<Void> send(Executor turns, Reply reply, Pieces pieces) {
        PiecewiseAnswer answer = new PiecewiseAnswer(turns, reply, pieces);
        turns.execute(answer::next);
        return answer.sent.future();
    }

    private void next() {
        if (reply.isGone()) {
            sent.fail("the client is gone");
            return;
        }
        Buffer piece = pieces.next();
        if (piece.length() == 0) {
            reply.end().onComplete(sent);
        } else {
            reply.write(piece).onSuccess(taken -> turns.execute(this::next)).onFailure(sent::fail);
        }
    }
}
