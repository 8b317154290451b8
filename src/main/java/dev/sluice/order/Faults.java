package dev.sluice.order;

import java.util.List;

/**
 * Why a document is not a valid order: every fault up to the first syntax error, at most {@value #FAULTS_MAX}, and about
 * {@value #BYTES_MAX} bytes of them.
 *
 * @param faults at least one, in document order
 */
public record Faults(List<Fault> faults) implements Parsed {

    public static final int FAULTS_MAX = 100;

    /** A pointer repeats the keys above its value: a hundred of them could make an answer much longer than the document. */
    public static final int BYTES_MAX = 24 * 1024;

    public Faults {
        faults = List.copyOf(faults);
    }

    /**
     * One fault.
     *
     * @param pointer RFC 6901 JSON pointer to the offending value; empty for the whole document
     * @param detail what the value must be, for a person
     */
    public record Fault(String pointer, String detail) {}
}
