package dev.sluice.metrics;

/** How one batch ended at the store: label {@code result} of {@code sluice_batches_total}. */
public enum CommitResult {
    /** Its transaction committed. */
    COMMITTED,
    /** PostgreSQL condemned a row of it. Where rows cannot be judged apart it is bisected, its parts are batches again. */
    REFUSED,
    /** It surely never reached a commit. */
    NOT_STORED,
    /** It was sent and not answered. */
    UNKNOWN
}
