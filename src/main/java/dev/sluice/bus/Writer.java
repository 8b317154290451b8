package dev.sluice.bus;

/** One writer as senders see it: where it is, and what is known of its state. Any thread. */
final class Writer {

    private final String address;
    private final boolean local;
    private volatile boolean full;
    private volatile long heardNanos = System.nanoTime();

    /** When it did not answer, or was not there; before {@link #heardNanos} where that is over. */
    private volatile long failedNanos = heardNanos - 1;

    Writer(String address, boolean local) {
        this.address = address;
        this.local = local;
    }

    String address() {
        return address;
    }

    /** Whether it lives on this node: then no network is between. */
    boolean isLocal() {
        return local;
    }

    void heard(boolean isFull, long nowNanos) {
        full = isFull;
        heardNanos = nowNanos;
    }

    /** A message found nothing there, or no answer; it gets no orders until it is heard again. */
    void failed(long nowNanos) {
        failedNanos = nowNanos;
    }

    boolean isFull() {
        return full;
    }

    boolean hasFailed() {
        return failedNanos - heardNanos >= 0;
    }

    long heardNanos() {
        return heardNanos;
    }

    @Override
    public String toString() {
        return address + (full ? " (full)" : "") + (hasFailed() ? " (failed)" : "");
    }
}
