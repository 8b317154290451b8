package dev.sluice.drain;

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
