package dev.sluice.batch;

/**
 * Natural batching: a lone order goes at once; while batches commit, the next one fills. No timer delays an order.
 *
 * <p>With nothing in flight whatever waits is flushed. With batches in flight another is opened only when at least
 * as many orders wait as {@code fillMin}: at a moderate load two small batches cost more than one, at a high load
 * the second keeps PostgreSQL busy while the first one's answers go out.
 *
 * @param inFlightMax batches sent and not settled, at least 1
 * @param fillMin orders that justify a further batch beside one in flight
 */
public record FlushPolicy(int inFlightMax, int fillMin) {

    public boolean mayFlush(int pending, int inFlight) {
        if (pending == 0 || inFlight >= inFlightMax) {
            return false;
        }
        return inFlight == 0 || pending >= fillMin;
    }
}
