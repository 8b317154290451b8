package dev.sluice.metrics;

/** What shows that a request is for, or from, another site: label {@code sign} of {@code sluice_foreign_requests_total}. */
public enum ForeignSign {
    /** Its host is not served here: 421. */
    HOST,
    /** A page of another origin sent it, and it would change something: 403. */
    ORIGIN
}
