package dev.sluice.http;

import org.jspecify.annotations.Nullable;

/**
 * The requests of one intake instance that are not answered yet, oldest first: what the HTTP deadline is held
 * against, and what a shutdown waits for. A linked list through the exchanges, so that entering and leaving cost the
 * same however many there are. Owned by one event loop; only {@link #open()} may be read elsewhere.
 */
final class Exchanges {

    private @Nullable Exchange oldest;
    private @Nullable Exchange newest;
    private volatile int open;

    void enter(Exchange exchange) {
        exchange.older = newest;
        if (newest == null) {
            oldest = exchange;
        } else {
            newest.newer = exchange;
        }
        newest = exchange;
        count(1);
    }

    void leave(Exchange exchange) {
        Exchange older = exchange.older;
        Exchange newer = exchange.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        exchange.older = null;
        exchange.newer = null;
        count(-1);
    }

    /** The oldest exchange, where it began before that instant. */
    @Nullable
    Exchange overdue(long beganBeforeNanos) {
        Exchange first = oldest;
        return first != null && first.beganNanos() - beganBeforeNanos < 0 ? first : null;
    }

    /** Requests not answered; readable on any thread. */
    int open() {
        return open;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written on one event loop only
    private void count(int change) {
        open += change;
    }
}
