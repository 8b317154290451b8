package dev.sluice.writer;

import dev.sluice.order.Priority;
import java.util.concurrent.TimeUnit;

/**
 * What bulk orders leave to live ones while these come: the last batch in flight, and batches so short that the next
 * live order does not wait long for one. Figures: loadtest/results. Pure, not thread safe.
 */
final class LiveFirstPolicy {

    static final int BEHIND_LIVE_MAX = 32;
    static final long LIVE_RECENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final int inFlightMax;
    private long liveSeenNanos;

    LiveFirstPolicy(int inFlightMax, long nowNanos) {
        this.inFlightMax = inFlightMax;
        this.liveSeenNanos = nowNanos - LIVE_RECENT_NANOS - 1;
    }

    void came(Priority lane, long nowNanos) {
        if (lane == Priority.LIVE) {
            liveSeenNanos = nowNanos;
        }
    }

    /** Whether what waits, live orders among it, must wait for a batch that is in flight. */
    boolean keepsForLive(int inFlight, int liveWaiting, long nowNanos) {
        return inFlight > 0 && inFlight == inFlightMax - 1 && liveWaiting == 0 && doLiveCome(nowNanos);
    }

    /** Bulk orders in the next batch. */
    int behindLiveMax(int batchMax, long nowNanos) {
        return doLiveCome(nowNanos) ? Math.min(batchMax, BEHIND_LIVE_MAX) : batchMax;
    }

    private boolean doLiveCome(long nowNanos) {
        return nowNanos - liveSeenNanos <= LIVE_RECENT_NANOS;
    }
}
