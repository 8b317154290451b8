package dev.sluice.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * Sends the body of an answer piece by piece: the next one when the connection has taken the one before, so that a
 * client that does not read has one piece made for it. A turn of the loop makes pieces for a millisecond. On the
 * connection's event loop.
 */
final class PiecewiseAnswer {

    /** Makes the pieces of a body. */
    @FunctionalInterface
    interface Pieces {

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
    static final int PIECE_BYTES = 32 * 1024;

    private final PieceTurns turns;
    private final HttpServerResponse response;
    private final Pieces pieces;
    private final Promise<Void> sent = Promise.promise();

    private PiecewiseAnswer(PieceTurns turns, HttpServerResponse response, Pieces pieces) {
        this.turns = turns;
        this.response = response;
        this.pieces = pieces;
    }

    /** Sends all; the head is set. The result stands when the connection has taken the last piece, or is gone. */
    static Future<Void> send(PieceTurns turns, HttpServerResponse response, Pieces pieces) {
        PiecewiseAnswer answer = new PiecewiseAnswer(turns, response, pieces);
        turns.enter(answer::next);
        return answer.sent.future();
    }

    private void next() {
        if (response.closed()) {
            sent.fail("the client is gone");
            return;
        }
        Buffer piece = pieces.next();
        if (piece.length() == 0) {
            response.end().onComplete(sent);
        } else {
            response.write(piece).onSuccess(taken -> turns.enter(this::next)).onFailure(sent::fail);
        }
    }
}
