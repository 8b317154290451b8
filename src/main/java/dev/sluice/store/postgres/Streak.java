package dev.sluice.store.postgres;

/**
 * Whether the next batch is likely to hold what an earlier one held: taken keys and refusals come in bursts. Bounds what a
 * batch that is sent as if it held none wastes to one in so many. Not thread safe.
 */
final class Streak {

    private final int batches;
    private int left;

    /**
     * Begins without.
     *
     * @param batches for which one more is expected after one that was seen
     */
    Streak(int batches) {
        this.batches = batches;
    }

    /** Asked once a batch. */
    boolean isLikely() {
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }

    /** A batch held one. */
    void seen() {
        left = batches;
    }
}
