package dev.sluice.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One writer as senders see it: where it is, and what is known of its state. Any thread. */
final class Writer {

    /**
     * A writer of this node as senders on its own event loop reach it: by a call.
     *
     * @param context of the writer
     * @param answers what it does with a message
     */
    record Neighbour(Context context, Function<OrderBatch, Future<OutcomeBatch>> answers) {}

    private final String address;
    private final boolean local;
    private final @Nullable Neighbour neighbour;
    private volatile boolean full;
    private volatile long heardNanos = System.nanoTime();

    /** When it did not answer, or was not there; before {@link #heardNanos} where that is over, at first long before. */
    private volatile long failedNanos = heardNanos - Long.MAX_VALUE / 2;

    Writer(String address, boolean local) {
        this(address, local, null);
    }

    Writer(String address, boolean local, @Nullable Neighbour neighbour) {
        this.address = address;
        this.local = local;
        this.neighbour = neighbour;
    }

    /** What a sender in that context calls instead of sending a message; null where it is on another event loop. */
    @Nullable
    Function<OrderBatch, Future<OutcomeBatch>> asNeighbourOf(Context sender) {
        return neighbour != null && loop(neighbour.context()) == loop(sender) ? neighbour.answers() : null;
    }

    private static Object loop(Context context) {
        return ((ContextInternal) context).nettyEventLoop();
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
