package dev.sluice.batch;

import dev.sluice.order.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Orders that wait for their batch, bounded in number and in bytes over all priorities; within one first in, first out.
 * Every call costs the same, however many wait. Not thread safe: owned by one writer.
 *
 * <p>A batch is filled with the most urgent priority first, but each other priority that waits keeps a share of it
 * ({@value #SHARES}th of the orders, and of the bytes), so that neither starves. A priority below {@link Priority#LIVE} may
 * fill only half of the buffer: what is urgent always finds room beside it.
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

    /** What became of an offer. */
    public enum Offer {
        TAKEN,
        FULL_ORDERS,
        FULL_BYTES
    }

    /** One share of a batch is kept for a priority behind a more urgent one. */
    static final int SHARES = 4;

    private final List<Queue<E>> byUrgency;
    private final int ordersMax;
    private final long bytesMax;
    private int size;
    private long bytes;

    public BatchBuffer(int ordersMax, long bytesMax) {
        this.ordersMax = ordersMax;
        this.bytesMax = bytesMax;
        byUrgency = Stream.of(Priority.values())
                .map(priority -> new Queue<E>(part(priority, ordersMax), part(priority, bytesMax)))
                .toList();
    }

    private static long part(Priority priority, long max) {
        return priority == Priority.LIVE ? max : Math.max(1, max / 2);
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

    /** As {@link #take(int, long, int)}, with as many orders behind the most urgent ones as fit. */
    public List<E> take(int countMax, long weightBytesMax) {
        return take(countMax, weightBytesMax, countMax);
    }

    /**
     * Removes the entries of the next batch, up to both limits, the most urgent priority first, and of each priority behind it
     * at most {@code behindMax}, or its share of a batch that is long anyway: a live order that comes next waits for
     * the whole batch. One entry of a priority always
     * fits the weight, so that a heavy one is not stuck: the batch is at most one entry a priority heavier than asked.
     */
    public List<E> take(int countMax, long weightBytesMax, int behindMax) {
        List<E> taken = new ArrayList<>(Math.min(countMax, size));
        int countFree = countMax;
        long weightFree = weightBytesMax;
        for (Queue<E> queue : behindLive()) {
            queue.keep(countMax, weightBytesMax);
            countFree -= queue.countKept;
            weightFree -= queue.weightKept;
        }
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
        return queue == byUrgency.get(0) ? Integer.MAX_VALUE : Math.max(behindMax, moreUrgent / (SHARES - 1));
    }

    private List<Queue<E>> behindLive() {
        return byUrgency.subList(1, byUrgency.size());
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
        return byUrgency.get(priority.urgency());
    }

    /** The orders of one priority. */
    private static final class Queue<E extends Entry> {

        private final ArrayDeque<E> entries = new ArrayDeque<>();
        private final long ordersMax;
        private final long bytesMax;
        private long bytes;

        /** What this batch keeps for these orders; nothing for the most urgent one, which needs no protection. */
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
