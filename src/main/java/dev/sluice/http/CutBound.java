package dev.sluice.http;

import dev.sluice.listener.Cut;
import dev.sluice.metrics.Bound;

/** The label under which a cut connection of the order API is counted. */
final class CutBound {

    private CutBound() {}

    static Bound of(Cut cut) {
        return switch (cut) {
            case IDLE_GAVE_WAY, NO_CONNECTION_FREE -> Bound.HTTP_CONNECTIONS;
            case TOO_MANY_FROM_ADDRESS -> Bound.HTTP_CONNECTIONS_PER_ADDRESS;
            case RESET_IN_ANSWER -> Bound.CLIENT_RESET;
            case ANSWER_UNREAD -> Bound.ANSWER_UNREAD;
            case TOO_MUCH_UNREAD -> Bound.UNREAD_BYTES;
            case STREAM_REFUSED -> Bound.HTTP2_STREAMS;
            case HTTP2_BROKEN -> Bound.HTTP2_FRAMES;
        };
    }
}
