package dev.sluice.drain;

import dev.sluice.order.Order;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Entries that were read and are not settled, and what is tried next. A piece that keeps failing is halved, until an
 * entry that PostgreSQL fails without condemning it stands alone and its neighbours commit. An entry that fails alone
 * {@value #ALONE_FAILURES_MAX} times, while others commit each time, is given up. An outage, in which nothing commits,
 * counts against no entry.
 *
 * <p>Bounds: one read, and about twice as many entries that fail alone. Pure; one thread.
 */
final class RetryQueue {

    static final int ALONE_FAILURES_MAX = 10;

    /** A whole read is tried so often before it is halved: most failures are an outage that ends. */
    private static final int TOGETHER_FAILURES_MAX = 3;

    /** At the bound of entries that fail alone, reads are so small, and so far apart. */
    static final int SMALL_READ_ORDERS = 16;

    static final long SMALL_READ_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long ALONE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long ALONE_PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

    private final int aloneMax;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private final List<Piece> alone = new ArrayList<>();
    private final Set<Key> keys = new HashSet<>();
    private Commits commits = new Commits(0, 0);
    private long liveBatchesSeen;
    private boolean aloneWasLast;
    private long lastReadNanos;

    RetryQueue(int aloneMax) {
        this.aloneMax = aloneMax;
    }

    /** A delivery that has an order. */
    record QueuedEntry(Delivery delivery, Order order) {}

    /**
     * Commits up to some moment. They tell an entry that fails from an outage.
     *
     * @param drained orders of the queue
     * @param live batches of live orders of this node
     */
    private record Commits(long drained, long live) {

        boolean isAfter(Commits before) {
            return drained > before.drained || live > before.live;
        }

        Commits and(Commits others) {
            return new Commits(Math.max(drained, others.drained), Math.max(live, others.live));
        }
    }

    /**
     * Entries that go to the store together.
     *
     * @param failures how often they failed together, or as part of a larger piece
     * @param aloneFailures how often the only one failed while others committed
     * @param commitsSeen commits at the last such failure, or when the entries were read
     * @param dueNanos not to be tried before
     */
    record Piece(List<QueuedEntry> entries, int failures, int aloneFailures, Commits commitsSeen, long dueNanos) {

        Piece {
            entries = List.copyOf(entries);
        }

        Piece of(List<QueuedEntry> some) {
            return new Piece(some, failures, aloneFailures, commitsSeen, dueNanos);
        }

        private Piece failedTogether() {
            return new Piece(entries, failures + 1, aloneFailures, commitsSeen, dueNanos);
        }

        private Piece failedAlone(Commits commits) {
            return new Piece(entries, failures, aloneFailures + 1, commits.and(commitsSeen), dueNanos);
        }

        private Piece dueAt(long nanos) {
            return new Piece(entries, failures, aloneFailures, commitsSeen, nanos);
        }

        private boolean isDue(long nowNanos) {
            return dueNanos - nowNanos <= 0;
        }
    }

    private record Key(
            int partition, String entryId, @Nullable UUID orderId) {

        static Key of(Delivery delivery) {
            return new Key(delivery.partition(), delivery.entryId(), delivery.id());
        }
    }

    boolean contains(Delivery delivery) {
        return keys.contains(Key.of(delivery));
    }

    /** What is new to a read that begins now: it may bring entries again that are settled before it ends. */
    Predicate<Delivery> unlessReadBefore() {
        Set<Key> now = Set.copyOf(keys);
        return delivery -> !now.contains(Key.of(delivery));
    }

    int size() {
        return keys.size();
    }

    /** Whether nothing that failed waits to be tried again. */
    boolean isCalm() {
        return pieces.isEmpty() && alone.isEmpty();
    }

    /** So many orders of the queue were inserted. */
    void committed(int orders) {
        commits = new Commits(commits.drained + orders, commits.live);
    }

    /** Batches of live orders that this node has committed; may fall when a writer leaves. */
    void observeLive(long batches) {
        commits = new Commits(commits.drained, commits.live + Math.max(0, batches - liveBatchesSeen));
        liveBatchesSeen = batches;
    }

    /** Whether there is room for a whole read. */
    boolean hasRoom() {
        return alone.size() < aloneMax;
    }

    /** How many orders may be read now, at most so many; 0 where none. */
    int room(int max, long nowNanos) {
        if (hasRoom()) {
            return max;
        }
        return isOutage() || nowNanos - lastReadNanos < SMALL_READ_NANOS ? 0 : Math.min(max, SMALL_READ_ORDERS);
    }

    /** Whether so many failed, and nothing committed beside them, that nothing is to be read at all. */
    private boolean isOutage() {
        return alone.stream().filter(piece -> piece.aloneFailures() == 0).count() >= 2L * aloneMax;
    }

    /**
     * Adds the entries that were read and are not in it yet.
     *
     * @return deliveries without an order, to be settled
     */
    List<Settlement> add(List<Delivery> deliveries, long nowNanos) {
        lastReadNanos = nowNanos;
        List<QueuedEntry> fresh = new ArrayList<>();
        List<Settlement> spent = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            Order order = delivery.order();
            if (!contains(delivery) && order == null) {
                spent.add(Settlement.done(delivery));
            } else if (order != null && keys.add(Key.of(delivery))) {
                fresh.add(new QueuedEntry(delivery, order));
            }
        }
        if (!fresh.isEmpty()) {
            pieces.addLast(new Piece(fresh, 0, 0, commits, nowNanos));
        }
        return spent;
    }

    /**
     * The piece to be inserted now. It belongs to the caller until it is handed back or released. Entries that fail alone
     * take turns with reads, so that they do not hold up the others.
     *
     * @param mayRead whether the caller reads if it gets nothing
     */
    Optional<Piece> next(long nowNanos, boolean mayRead) {
        if (!pieces.isEmpty()) {
            return Optional.of(pieces.removeFirst());
        }
        Optional<Piece> due = aloneWasLast && mayRead ? Optional.empty() : firstDue(nowNanos);
        due.ifPresent(alone::remove);
        aloneWasLast = due.isPresent();
        return due;
    }

    /** Whether an entry that failed alone may be tried again. */
    boolean hasDue(long nowNanos) {
        return firstDue(nowNanos).isPresent();
    }

    private Optional<Piece> firstDue(long nowNanos) {
        return alone.stream().filter(piece -> piece.isDue(nowNanos)).findFirst();
    }

    /** Entries of a piece that had to leave its batch to others of the same id; they are tried next. */
    void again(Piece piece) {
        if (!piece.entries().isEmpty()) {
            pieces.addFirst(piece);
        }
    }

    /** What becomes of a piece that failed. */
    enum Fate {
        /** It is tried again later: perhaps the store is out. */
        WAITS,
        /** Its halves are tried. */
        HALVED,
        /** It failed while others committed, and is tried again when it is due. */
        ALONE,
        /** It did so once too often, and is no longer in the queue. */
        GIVEN_UP
    }

    /**
     * A piece was not stored, and nothing condemns it.
     *
     * @param answered whether the store answered. Live orders use other connections: their commits tell nothing about an
     *     entry that broke the drain's own
     */
    Fate failed(Piece piece, boolean answered, long nowNanos) {
        if (piece.entries().size() > 1) {
            return failedTogether(piece.failedTogether());
        }
        Commits neighbours = answered ? commits : new Commits(commits.drained, 0);
        boolean othersCommitted = neighbours.isAfter(piece.commitsSeen());
        Piece counted = othersCommitted ? piece.failedAlone(neighbours) : piece;
        if (counted.aloneFailures() >= ALONE_FAILURES_MAX) {
            return Fate.GIVEN_UP;
        }
        alone.add(counted.dueAt(nowNanos + pauseNanos(counted.aloneFailures())));
        return othersCommitted ? Fate.ALONE : Fate.WAITS;
    }

    private Fate failedTogether(Piece piece) {
        if (piece.failures() < TOGETHER_FAILURES_MAX) {
            pieces.addFirst(piece);
            return Fate.WAITS;
        }
        int half = piece.entries().size() / 2;
        pieces.addFirst(piece.of(piece.entries().subList(half, piece.entries().size())));
        pieces.addFirst(piece.of(piece.entries().subList(0, half)));
        return Fate.HALVED;
    }

    private static long pauseNanos(int failures) {
        return Math.min(ALONE_PAUSE_NANOS_MAX, ALONE_PAUSE_NANOS << failures);
    }

    /** Drops everything; all of it will be read again. */
    void clear() {
        pieces.clear();
        alone.clear();
        keys.clear();
        aloneWasLast = false;
    }

    /** They are settled, or will be read again. */
    void release(Collection<Settlement> settled) {
        settled.forEach(settlement -> keys.remove(Key.of(settlement.delivery())));
    }
}
