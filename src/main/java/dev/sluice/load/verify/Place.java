package dev.sluice.load.verify;

/** Where an order may be found. A 201 needs a row; a 202 any of them. */
public enum Place {
    /** PostgreSQL. */
    ROW,
    /** The overflow. */
    QUEUED,
    /** A dead letter. */
    DEAD,
    /** What a discarded dead letter leaves. */
    TOMBSTONE
}
