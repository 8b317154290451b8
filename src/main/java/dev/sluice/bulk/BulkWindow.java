package dev.sluice.bulk;

/**
 * How many orders of bulk requests may be outstanding at one intake instance, and how many are handled in one turn of
 * its event loop. It follows what the writers answer: a window's worth of timely answers widens it by a quarter, a
 * late or refused one halves it, at most once for all that were outstanding then. So bulk orders wait at the intake,
 * where they cost nothing, rather than at a writer until they expire there, and many instances and nodes share the
 * writers without knowing of each other. After a rest it begins anew with a quarter of its bound, because what the
 * writers can take may have changed; answers that it did not have to wait for widen nothing. Not thread safe: owned by
 * one event loop.
 */
public final class BulkWindow {

    /** Always allowed outstanding, where the bound is not lower. */
    private static final int ORDERS_MIN = 64;

    private static final int TURN_ORDERS_MAX = 200;

    /** A turn that has taken so long ends early. */
    private static final long TURN_NANOS_MAX = 1_000_000;

    private static final int WIDEN_PARTS = 4;
    private static final int BEGIN_PARTS = 4;
    private static final int LIVE_PARTS = 5;

    private final int ordersMin;
    private final int ordersMax;
    private final long timelyNanos;
    private int size;
    private int outstanding;
    private int timely;

    /** Answers still to come of orders that were outstanding at the last halving: they say nothing new. */
    private int echoes;

    /**
     * A window of one intake instance.
     *
     * @param ordersMax outstanding at most, at least 1
     * @param timelyNanos from sending to outcome; an answer that takes longer is late
     */
    public BulkWindow(int ordersMax, long timelyNanos) {
        this.ordersMin = Math.min(ORDERS_MIN, ordersMax);
        this.ordersMax = ordersMax;
        this.timelyNanos = timelyNanos;
        this.size = begin();
    }

    /** Orders that one turn may handle now; 0 where the window is full. */
    public int turnOrders() {
        return Math.min(TURN_ORDERS_MAX, Math.max(0, size - outstanding));
    }

    /** Whether a turn that has taken so long goes on; it is shorter while live orders come, which wait for its end. */
    public boolean turnGoesOn(long tookNanos, boolean liveComes) {
        return tookNanos < (liveComes ? TURN_NANOS_MAX / LIVE_PARTS : TURN_NANOS_MAX);
    }

    private int begin() {
        return Math.max(ordersMin, ordersMax / BEGIN_PARTS);
    }

    /** One order was sent. */
    public void sent() {
        outstanding++;
    }

    /** One order's outcome came, so long after it was sent; refused where no store took it. */
    public void settled(long tookNanos, boolean refused) {
        boolean used = outstanding * 2 > size;
        outstanding--;
        if (echoes > 0) {
            echoes--;
        } else if (refused || tookNanos > timelyNanos) {
            halve();
        } else if (used && ++timely >= size) {
            widen();
        }
        if (outstanding == 0) {
            size = Math.min(size, begin());
        }
    }

    private void halve() {
        size = Math.max(ordersMin, size / 2);
        echoes = outstanding;
        timely = 0;
    }

    private void widen() {
        size = Math.min(ordersMax, size + Math.max(1, size / WIDEN_PARTS));
        timely = 0;
    }

    /** Orders allowed outstanding now. */
    public int size() {
        return size;
    }

    /** Orders sent and not settled. */
    public int outstanding() {
        return outstanding;
    }
}
