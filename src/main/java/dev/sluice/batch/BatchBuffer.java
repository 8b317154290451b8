package dev.sluice.batch;

import dev.sluice.order.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Orders that wait for their batch, bounded in number and in bytes over all priorities; within one first in, first out.
 * Every call costs the same, however many wait. Not thread safe: owned by one writer.
 *
 * <p>A batch takes live orders first; bulk orders that wait keep a share of it (1/{@value #SHARES} of the orders, and of
 * the bytes), so that neither starves. Bulk orders may fill only half of the buffer: live ones always find room.
 */
public final class BatchBuffer<E extends BatchBuffer.Entry> {

    /** What can wait. */
    public interface Entry {

        /** Which queue it joins. */
        Priority priority();

        /** Weight in memory, bytes. */
        int weightBytes();

        /** When it came, on the clock that the owner uses throughout, nanoseconds. */
        long arrivedNanos();
    }

    /** When the first of some entries came. Priorities are mixed in a batch, and each order's deadline must hold. */
    public static long oldestNanos(List<? extends Entry> entries) {
        long oldest = entries.get(0).arrivedNanos();
        for (Entry entry : entries) {
            oldest = entry.arrivedNanos() - oldest < 0 ? entry.arrivedNanos() : oldest;
        }
        return oldest;
    }

    /** What became of an offer. */
    public enum Offer {
        TAKEN,
        FULL_ORDERS,
        FULL_BYTES
    }

    /** One of so many shares of a batch is kept for bulk orders. */
    static final int SHARES = 4;

    private final Queue<E> live;
    private final Queue<E> bulk;
    private final List<Queue<E>> byUrgency;
    private final int ordersMax;
    private final long bytesMax;
    private int size;
    private long bytes;

    public BatchBuffer(int ordersMax, long bytesMax) {
        this.ordersMax = ordersMax;
        this.bytesMax = bytesMax;
        live = new Queue<>(ordersMax, bytesMax);
        bulk = new Queue<>(Math.max(1, ordersMax / 2), Math.max(1, bytesMax / 2));
        byUrgency = List.of(live, bulk);
    }

    /** Takes the entry, or refuses it at once where a bound would be passed. */
    public Offer offer(E entry) {
        Queue<E> queue = queue(entry.priority());
        if (size >= ordersMax || queue.size() >= queue.ordersMax) {
            return Offer.FULL_ORDERS;
        }
        if (bytes + entry.weightBytes() > bytesMax || queue.bytes + entry.weightBytes() > queue.bytesMax) {
            return Offer.FULL_BYTES;
        }
        queue.add(entry);
        size++;
        bytes += entry.weightBytes();
        return Offer.TAKEN;
    }

    /** As {@link #take(int, long, int)}, with as many bulk orders as fit. */
    public List<E> take(int countMax, long weightBytesMax) {
        return take(countMax, weightBytesMax, countMax);
    }

    /**
     * Removes the entries of the next batch, up to both limits: live orders first, then at most {@code behindMax} bulk
     * orders, or their share of a batch that is long anyway (a live order that comes next waits for the whole batch).
     * One entry of a priority always fits the weight, so that a heavy one is not stuck: the batch is at most one entry a
     * priority heavier than asked.
     */
    public List<E> take(int countMax, long weightBytesMax, int behindMax) {
        List<E> taken = new ArrayList<>(Math.min(countMax, size));
        bulk.keep(countMax, weightBytesMax);
        int countFree = countMax - bulk.countKept;
        long weightFree = weightBytesMax - bulk.weightKept;
        for (Queue<E> queue : byUrgency) {
            countFree += queue.countKept;
            weightFree += queue.weightKept;
            int before = taken.size();
            weightFree -= queue.moveTo(taken, Math.min(countFree, mostOf(queue, taken.size(), behindMax)), weightFree);
            countFree -= taken.size() - before;
        }
        size -= taken.size();
        bytes -= weightBytesMax - weightFree;
        return taken;
    }

    private int mostOf(Queue<E> queue, int moreUrgent, int behindMax) {
        return queue == live ? Integer.MAX_VALUE : Math.max(behindMax, moreUrgent / (SHARES - 1));
    }

    /** Removes and returns those that came before the given instant, of every priority. */
    public List<E> expire(long arrivedBeforeNanos) {
        List<E> expired = new ArrayList<>();
        for (Queue<E> queue : byUrgency) {
            bytes -= queue.expireTo(expired, arrivedBeforeNanos);
        }
        size -= expired.size();
        return expired;
    }

    /** Orders that wait. */
    public int size() {
        return size;
    }

    /** Orders of one priority that wait. */
    public int size(Priority priority) {
        return queue(priority).size();
    }

    /** Weight of all that wait. */
    public long bytes() {
        return bytes;
    }

    private Queue<E> queue(Priority priority) {
        return priority == Priority.LIVE ? live : bulk;
    }

    /** The orders of one priority. */
    private static final class Queue<E extends Entry> {

        private final ArrayDeque<E> entries = new ArrayDeque<>();
        private final long ordersMax;
        private final long bytesMax;
        private long bytes;

        /** What this batch keeps for these orders; nothing for live ones, which come first. */
        private int countKept;

        private long weightKept;

        /** Rest of the shares of batches that do not divide, in {@link #SHARES}ths of an order. */
        private int owed;

        Queue(long ordersMax, long bytesMax) {
            this.ordersMax = ordersMax;
            this.bytesMax = bytesMax;
        }

        int size() {
            return entries.size();
        }

        void add(E entry) {
            entries.addLast(entry);
            bytes += entry.weightBytes();
        }

        /** Decides what more urgent orders leave to these; once a batch. */
        void keep(int countMax, long weightBytesMax) {
            owed = entries.isEmpty() ? 0 : owed % SHARES + countMax % SHARES;
            countKept = Math.min(entries.size(), countMax / SHARES + owed / SHARES);
            weightKept = Math.min(bytes, weightBytesMax / SHARES);
        }

        /** Weight of what was moved. */
        long moveTo(List<E> taken, int countMax, long weightBytesMax) {
            long weight = 0;
            E next = entries.peekFirst();
            for (int count = 0; next != null && count < countMax; count++) {
                if (count > 0 && weight + next.weightBytes() > weightBytesMax) {
                    break;
                }
                weight += removeFirstTo(taken);
                next = entries.peekFirst();
            }
            return weight;
        }

        /** Weight of what was moved. */
        long expireTo(List<E> expired, long arrivedBeforeNanos) {
            long weight = 0;
            E next = entries.peekFirst();
            while (next != null && next.arrivedNanos() - arrivedBeforeNanos < 0) {
                weight += removeFirstTo(expired);
                next = entries.peekFirst();
            }
            return weight;
        }

        private int removeFirstTo(List<E> to) {
            E first = entries.removeFirst();
            to.add(first);
            bytes -= first.weightBytes();
            return first.weightBytes();
        }
    }
}
