package dev.sluice.order;

/** What became of one submitted order, as far as Sluice knows; each value maps to one HTTP answer. */
public sealed interface Outcome {

    /** A row of its own, transaction committed: 201. */
    record Committed(long committedAtMicros) implements Outcome {}

    /** The same key and content was stored before: 201 with the original, marked as a replay. */
    record Replayed(StoredOrder original) implements Outcome {}

    /**
     * In the overflow, synced, not known to be committed: 202.
     *
     * @param entry what is queued; after a replay the original
     * @param replayed the same key and content was queued before
     */
    record Queued(Order entry, boolean replayed) implements Outcome {}

    /** The same key was stored with other content: 422 {@code client_order_id_reused}; stored nowhere. */
    record Conflict() implements Outcome {}

    /**
     * PostgreSQL will never take it: 422 {@code order_refused}.
     *
     * @param reason what the client hears
     * @param text the server's own words, which may name constraints, rows and hosts: for the log and the dead letter
     */
    record Refused(String reason, String text) implements Outcome {

        /** A refusal in words of ours alone. */
        public Refused(String reason) {
            this(reason, reason);
        }
    }

    /** No store got it: 503 {@code not_stored}; a retry is safe, with a key or without. */
    record NotStored(String reason) implements Outcome {}

    /** A store was sent it and did not answer; it may still appear: 503 {@code outcome_unknown}. */
    record Unknown(String reason) implements Outcome {}

    /** Whether the order has no verdict yet: another store may take it, and a retry is worth while. */
    default boolean isOpen() {
        return this instanceof NotStored || this instanceof Unknown;
    }
}
