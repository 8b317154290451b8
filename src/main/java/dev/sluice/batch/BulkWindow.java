package dev.sluice.batch;

/**
 * How many orders of bulk requests may be outstanding at one intake instance, and how many are handled in one turn of
 * its event loop. It follows what the writers answer: a window's worth of timely answers widens it by a quarter, a
 * late or refused one halves it, at most once for all that were outstanding then. So bulk orders wait at the intake,
 * where they cost nobody anything, rather than at a writer until they expire there; and many instances and nodes share
 * the writers without knowing of each other. After a rest it begins anew with a quarter of its bound, because what the
 * writers can take may have changed; answers that it did not have to wait for widen nothing. Not thread safe: owned by
 * one event loop.
 */
public final class BulkWindow {

    /**
     * Bounds of a window.
     *
     * @param ordersMin what is always allowed outstanding, at least 1
     * @param ordersMax outstanding at most
     * @param turnOrdersMax handled in one turn of the event loop
     * @param turnNanosMax after which a turn ends early
     * @param timelyNanos from sending to outcome; beyond it the writers have more than they need
     */
    public record Limits(int ordersMin, int ordersMax, int turnOrdersMax, long turnNanosMax, long timelyNanos) {}

    private static final int WIDEN_PARTS = 4;
    private static final int BEGIN_PARTS = 4;
    private static final int LIVE_PARTS = 5;

    private final Limits limits;
    private int size;
    private int outstanding;
    private int timely;

    /** Answers still to come of orders that were outstanding at the last halving: they say nothing new. */
    private int echoes;

    public BulkWindow(Limits limits) {
        this.limits = limits;
        this.size = begin();
    }

    /** Orders that one turn may handle now; 0 where the window is full. */
    public int turnOrders() {
        return Math.min(limits.turnOrdersMax(), Math.max(0, size - outstanding));
    }

    /** Whether a turn that has taken so long goes on; it is shorter while live orders come, which wait for its end. */
    public boolean turnGoesOn(long tookNanos, boolean liveComes) {
        return tookNanos < (liveComes ? limits.turnNanosMax() / LIVE_PARTS : limits.turnNanosMax());
    }

    private int begin() {
        return Math.max(limits.ordersMin(), limits.ordersMax() / BEGIN_PARTS);
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
        } else if (refused || tookNanos > limits.timelyNanos()) {
            halve();
        } else if (used && ++timely >= size) {
            widen();
        }
        if (outstanding == 0) {
            size = Math.min(size, begin());
        }
    }

    private void halve() {
        size = Math.max(limits.ordersMin(), size / 2);
        echoes = outstanding;
        timely = 0;
    }

    private void widen() {
        size = Math.min(limits.ordersMax(), size + Math.max(1, size / WIDEN_PARTS));
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
