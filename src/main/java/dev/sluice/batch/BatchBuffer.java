package dev.sluice.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Orders that wait for their batch, first in, first out, bounded in number and in bytes. Not thread safe: owned by
 * one writer.
 */
public final class BatchBuffer<E extends BatchBuffer.Entry> {

    /** What can wait. */
    public interface Entry {

        /** Weight in memory, bytes. */
        int weightBytes();

        /** When it came, on the clock that the owner uses throughout, nanoseconds. */
        long arrivedNanos();
    }

    /** What became of an offer. */
    public enum Offer {
        TAKEN,
        FULL_ORDERS,
        FULL_BYTES
    }

    private final ArrayDeque<E> entries = new ArrayDeque<>();
    private final int ordersMax;
    private final long bytesMax;
    private long bytes;

    public BatchBuffer(int ordersMax, long bytesMax) {
        this.ordersMax = ordersMax;
        this.bytesMax = bytesMax;
    }

    /** Takes the entry, or refuses it at once where a bound would be passed. */
    public Offer offer(E entry) {
        if (entries.size() >= ordersMax) {
            return Offer.FULL_ORDERS;
        }
        if (bytes + entry.weightBytes() > bytesMax) {
            return Offer.FULL_BYTES;
        }
        entries.addLast(entry);
        bytes += entry.weightBytes();
        return Offer.TAKEN;
    }

    /** Removes the oldest entries up to both limits; one entry always fits, so that a heavy one is not stuck. */
    public List<E> take(int countMax, long weightBytesMax) {
        List<E> taken = new ArrayList<>(Math.min(countMax, entries.size()));
        long weight = 0;
        E next = entries.peekFirst();
        while (next != null && taken.size() < countMax) {
            weight += next.weightBytes();
            if (weight > weightBytesMax && !taken.isEmpty()) {
                break;
            }
            taken.add(removeFirst());
            next = entries.peekFirst();
        }
        return taken;
    }

    /** Removes and returns those that came before the given instant. */
    public List<E> expire(long arrivedBeforeNanos) {
        List<E> expired = new ArrayList<>();
        E next = entries.peekFirst();
        while (next != null && next.arrivedNanos() - arrivedBeforeNanos < 0) {
            expired.add(removeFirst());
            next = entries.peekFirst();
        }
        return expired;
    }

    public int size() {
        return entries.size();
    }

    public long bytes() {
        return bytes;
    }

    /** When the oldest entry came, or null where none waits. */
    public @Nullable Long oldestNanos() {
        E oldest = entries.peekFirst();
        return oldest == null ? null : oldest.arrivedNanos();
    }

    private E removeFirst() {
        E first = entries.removeFirst();
        bytes -= first.weightBytes();
        return first;
    }
}
