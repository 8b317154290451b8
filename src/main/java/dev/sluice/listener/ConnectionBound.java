package dev.sluice.listener;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections a listener may have, over all instances that share it, and how many of them one address. Thread
 * safe.
 */
public final class ConnectionBound {

    private final int openMax;
    private final int perAddressMax;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> byAddress = new ConcurrentHashMap<>();

    /**
     * A bound, with nothing open.
     *
     * @param perAddressMax 0 is no bound
     */
    public ConnectionBound(int openMax, int perAddressMax) {
        this.openMax = openMax;
        this.perAddressMax = perAddressMax;
    }

    /** False, and nothing is counted, where all are in use. */
    boolean take() {
        if (open.incrementAndGet() <= openMax) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    /** False, and nothing is counted, where that address has all that it may have. */
    boolean takeFor(String address) {
        if (perAddressMax == 0 || byAddress.merge(address, 1, Integer::sum) <= perAddressMax) {
            return true;
        }
        leave(address);
        return false;
    }

    /** One that was not counted for its address. */
    void giveBackUnnamed() {
        open.decrementAndGet();
    }

    void giveBack(String address) {
        open.decrementAndGet();
        if (perAddressMax > 0) {
            leave(address);
        }
    }

    private void leave(String address) {
        byAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }
}
