package dev.sluice.store.redis;

/** Entries in the queue, as far as one event loop knows: the last look, and what it is adding itself. */
final class QueueDepth {

    private long seen;
    private long adding;

    long known() {
        return seen;
    }

    void saw(long entries) {
        seen = entries;
    }

    /** How many more fit beside what is on its way. */
    long room(long entriesMax) {
        return Math.max(0, entriesMax - seen - adding);
    }

    void adding(int orders) {
        adding += orders;
    }

    /** So many of those on their way may be there now. */
    void added(int orders, int there) {
        adding -= orders;
        seen += there;
    }
}
