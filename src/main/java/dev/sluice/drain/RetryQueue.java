package dev.sluice.drain;

import dev.sluice.order.Order;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was read and is not settled, and what is to be tried next. A piece that keeps failing is halved, so that an entry
 * which PostgreSQL fails without condemning it comes to stand alone while its neighbours commit; one that has failed
 * alone {@value #LONELY_FAILURES_MAX} times, others committing each time, is given up. An outage, in which nothing
 * commits, counts against no entry.
 *
 * <p>Bounds: one read; of entries that fail alone as many, beyond which others are read few at a time, as long as
 * something commits now and then. Pure; one thread.
 */
final class RetryQueue {

    static final int LONELY_FAILURES_MAX = 10;

    /** A whole read is tried so often before it is halved: most failures are an outage that ends. */
    private static final int WHOLE_FAILURES_MAX = 3;

    private static final long LONELY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONELY_PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

    private final int lonelyMax;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private final List<Piece> lonely = new ArrayList<>();
    private final Set<Key> keys = new HashSet<>();
    private boolean lonelyWasLast;

    /** Of the lonely ones, those beside which nothing committed yet. */
    private int inDoubt;

    RetryQueue(int lonelyMax) {
        this.lonelyMax = lonelyMax;
    }

    /** A delivery that holds an order. */
    record Held(Delivery delivery, Order order) {}

    /**
     * Commits that there were up to some moment, which tell an entry that fails from an outage.
     *
     * @param drained orders of the queue
     * @param live batches of live orders of this node
     */
    record Commits(long drained, long live) {

        /** Whether there were any since. */
        boolean isAfter(Commits before) {
            return drained > before.drained || live > before.live;
        }

        Commits and(Commits others) {
            return new Commits(Math.max(drained, others.drained), Math.max(live, others.live));
        }
    }

    /**
     * Entries that go to the store together, and how they have fared.
     *
     * @param failures how often they failed together, or as part of a larger piece
     * @param lonelyFailures how often the only one failed while others committed
     * @param commitsSeen commits that there were when the last such failure was counted, or when it was read
     * @param dueNanos not to be tried before
     */
    record Piece(List<Held> entries, int failures, int lonelyFailures, Commits commitsSeen, long dueNanos) {

        Piece {
            entries = List.copyOf(entries);
        }

        boolean isAlone() {
            return entries.size() == 1;
        }

        Piece of(List<Held> some) {
            return new Piece(some, failures, lonelyFailures, commitsSeen, dueNanos);
        }

        private Piece failedOnceMore() {
            return new Piece(entries, failures + 1, lonelyFailures, commitsSeen, dueNanos);
        }

        private Piece failedAlone(Commits commits) {
            return new Piece(entries, failures + 1, lonelyFailures + 1, commits.and(commitsSeen), dueNanos);
        }

        private Piece due(long atNanos) {
            return new Piece(entries, failures, lonelyFailures, commitsSeen, atNanos);
        }
    }

    private record Key(
            int partition, String entryId, @Nullable UUID orderId) {

        static Key of(Delivery delivery) {
            return new Key(delivery.partition(), delivery.entryId(), delivery.id());
        }
    }

    boolean isHeld(Delivery delivery) {
        return keys.contains(Key.of(delivery));
    }

    /** For a read that begins now and ends when some of these are settled: what it may bring again is not new. */
    Predicate<Delivery> unlessHeldNow() {
        Set<Key> now = Set.copyOf(keys);
        return delivery -> !now.contains(Key.of(delivery));
    }

    /** Entries that are held; a read that brings them again brings nothing new. */
    int size() {
        return keys.size();
    }

    /** Whether none of them has failed. */
    boolean isCalm() {
        return pieces.isEmpty() && lonely.isEmpty();
    }

    /** Whether there is room for a whole read. */
    boolean hasRoom() {
        return lonely.size() < lonelyMax;
    }

    /** Whether nothing may be read at all: so many failed, and nothing committed beside them, that it is an outage. */
    boolean isFull() {
        return inDoubt >= 2 * lonelyMax;
    }

    /**
     * Holds what was read and is not held yet.
     *
     * @param commits that there were so far
     * @return deliveries that hold no order, to be settled
     */
    List<Settlement> add(List<Delivery> deliveries, Commits commits, long nowNanos) {
        List<Held> fresh = new ArrayList<>();
        List<Settlement> spent = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            Order order = delivery.order();
            if (!isHeld(delivery) && order == null) {
                spent.add(Settlement.done(delivery));
            } else if (order != null && keys.add(Key.of(delivery))) {
                fresh.add(new Held(delivery, order));
            }
        }
        if (!fresh.isEmpty()) {
            pieces.addLast(new Piece(fresh, 0, 0, commits, nowNanos));
        }
        return spent;
    }

    /**
     * What is to be inserted now; it is the caller's until it is handed back or released. Entries that fail alone take
     * turns with reads, so that they do not hold up the others.
     *
     * @param mayRead whether the caller reads where it is given nothing
     */
    Optional<Piece> next(long nowNanos, boolean mayRead) {
        if (!pieces.isEmpty()) {
            return Optional.of(pieces.removeFirst());
        }
        Optional<Piece> due = lonelyWasLast && mayRead ? Optional.empty() : dueLonely(nowNanos);
        lonelyWasLast = due.isPresent();
        return due;
    }

    /** Whether an entry that failed alone may be tried again. */
    boolean hasDue(long nowNanos) {
        return lonely.stream().anyMatch(piece -> piece.dueNanos() - nowNanos <= 0);
    }

    private Optional<Piece> dueLonely(long nowNanos) {
        for (Iterator<Piece> all = lonely.iterator(); all.hasNext(); ) {
            Piece piece = all.next();
            if (piece.dueNanos() - nowNanos <= 0) {
                all.remove();
                inDoubt -= piece.lonelyFailures() == 0 ? 1 : 0;
                return Optional.of(piece);
            }
        }
        return Optional.empty();
    }

    /** Some of a piece lost their place in its batch to others of the same id, and are tried next. */
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
        LONELY,
        /** It did so once too often. It is the caller's. */
        GIVEN_UP
    }

    /**
     * A piece was not stored, and nothing condemns it.
     *
     * @param commits that count as its neighbours', so far
     */
    Fate failed(Piece piece, Commits commits, long nowNanos) {
        if (!piece.isAlone()) {
            return failedTogether(piece.failedOnceMore());
        }
        boolean othersCommitted = commits.isAfter(piece.commitsSeen());
        Piece counted = othersCommitted ? piece.failedAlone(commits) : piece;
        if (counted.lonelyFailures() >= LONELY_FAILURES_MAX) {
            return Fate.GIVEN_UP;
        }
        inDoubt += counted.lonelyFailures() == 0 ? 1 : 0;
        lonely.add(counted.due(nowNanos + pauseNanos(counted.lonelyFailures())));
        return othersCommitted ? Fate.LONELY : Fate.WAITS;
    }

    private Fate failedTogether(Piece piece) {
        if (piece.failures() < WHOLE_FAILURES_MAX) {
            pieces.addFirst(piece);
            return Fate.WAITS;
        }
        int half = piece.entries().size() / 2;
        pieces.addFirst(piece.of(piece.entries().subList(half, piece.entries().size())));
        pieces.addFirst(piece.of(piece.entries().subList(0, half)));
        return Fate.HALVED;
    }

    private static long pauseNanos(int failures) {
        return Math.min(LONELY_PAUSE_NANOS_MAX, LONELY_PAUSE_NANOS << Math.min(failures, LONELY_FAILURES_MAX));
    }

    /** Nothing is held any more; all of it will be read again. */
    void clear() {
        pieces.clear();
        lonely.clear();
        keys.clear();
        lonelyWasLast = false;
        inDoubt = 0;
    }

    /** They are settled, or will be read again. */
    void release(Collection<Settlement> settled) {
        settled.forEach(settlement -> keys.remove(Key.of(settlement.delivery())));
    }
}
