package dev.sluice.batch;

import dev.sluice.order.Priority;
import java.util.concurrent.TimeUnit;

/**
 * What bulk orders leave to live ones while these come: the last batch in flight, and batches so short that the next
 * live order does not wait long for one. Figures: loadtest/results. Not thread safe.
 */
public final class LiveFirstPolicy {

    /** Bulk orders in a batch while live orders come. */
    public static final int BULK_ORDERS_MAX = 32;

    /** How long live orders count as coming after the last one. */
    public static final long LIVE_RECENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final int inFlightMax;
    private long liveSeenNanos;

    /** A policy that has seen no live order yet. */
    public LiveFirstPolicy(int inFlightMax, long nowNanos) {
        this.inFlightMax = inFlightMax;
        this.liveSeenNanos = nowNanos - LIVE_RECENT_NANOS - 1;
    }

    /** Orders of that priority arrived. */
    public void arrived(Priority priority, long nowNanos) {
        if (priority == Priority.LIVE) {
            liveSeenNanos = nowNanos;
        }
    }

    /** Whether the last batch in flight is kept free: only bulk orders wait, and live ones come. */
    public boolean keepsLastBatch(int inFlight, int liveWaiting, long nowNanos) {
        return inFlight > 0 && inFlight == inFlightMax - 1 && liveWaiting == 0 && doLiveCome(nowNanos);
    }

    /** Bulk orders in the next batch, at most. */
    public int bulkOrdersMax(int batchMax, long nowNanos) {
        return doLiveCome(nowNanos) ? Math.min(batchMax, BULK_ORDERS_MAX) : batchMax;
    }

    private boolean doLiveCome(long nowNanos) {
        return nowNanos - liveSeenNanos <= LIVE_RECENT_NANOS;
    }
}
