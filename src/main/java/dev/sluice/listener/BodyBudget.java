package dev.sluice.listener;

/**
 * The bytes of request bodies that one verticle holds while they come in: without it, every connection could
 * fill its own limit at once. Owned by one event loop.
 */
public final class BodyBudget {

    private final long bytesMax;
    private long bytes;

    public BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** False, and nothing taken, where there is no room. */
    boolean take(int count) {
        if (bytes + count > bytesMax) {
            return false;
        }
        bytes += count;
        return true;
    }

    void giveBack(long count) {
        bytes -= count;
    }

    /** Bytes held now. */
    long bytes() {
        return bytes;
    }
}
