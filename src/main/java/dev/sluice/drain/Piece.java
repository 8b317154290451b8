package dev.sluice.drain;

import java.util.List;

/**
 * Deliveries that go to the store together, and how they have fared.
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

    static Piece read(List<Held> entries, Commits commits, long nowNanos) {
        return new Piece(entries, 0, 0, commits, nowNanos);
    }

    boolean isAlone() {
        return entries.size() == 1;
    }

    Piece of(List<Held> some) {
        return new Piece(some, failures, lonelyFailures, commitsSeen, dueNanos);
    }

    Piece failedOnceMore() {
        return new Piece(entries, failures + 1, lonelyFailures, commitsSeen, dueNanos);
    }

    Piece failedAlone(Commits commits) {
        return new Piece(entries, failures + 1, lonelyFailures + 1, commits.and(commitsSeen), dueNanos);
    }

    Piece due(long atNanos) {
        return new Piece(entries, failures, lonelyFailures, commitsSeen, atNanos);
    }
}
