package dev.sluice.tune;

/** The table {@code orders} of a database that is there for the run alone. Every method blocks. */
public interface ScratchRows {

    /** Empties it: each setting begins with an empty table. */
    void empty() throws Exception;

    /** How many rows it has. */
    long count() throws Exception;
}
