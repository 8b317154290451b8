package dev.sluice.store.postgres;

/**
 * Whether the next batch is likely to hold a key that is taken. After one that did, so may the next ones: clients
 * repeat in bursts. Bounds what a batch that fails for a taken key wastes to one in {@value #WARY_BATCHES}.
 * Not thread safe.
 */
final class TakenKeys {

    static final int WARY_BATCHES = 64;

    private int wary;

    /** Asked once a batch. */
    boolean areLikely() {
        if (wary == 0) {
            return false;
        }
        wary--;
        return true;
    }

    /** A batch held one. */
    void seen() {
        wary = WARY_BATCHES;
    }
}
