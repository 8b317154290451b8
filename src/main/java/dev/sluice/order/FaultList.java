package dev.sluice.order;

import com.fasterxml.jackson.core.JsonParser;
import java.util.ArrayList;
import java.util.List;

/** The faults of the document being read, in the order found; those beyond {@link Faults#FAULTS_MAX} are dropped. */
final class FaultList {

    private static final char REPLACEMENT = '\uFFFD';

    private final List<Faults.Fault> faults = new ArrayList<>();

    void clear() {
        faults.clear();
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    int size() {
        return faults.size();
    }

    Faults toFaults() {
        return new Faults(faults);
    }

    void add(String pointer, String detail) {
        if (faults.size() < Faults.FAULTS_MAX) {
            faults.add(new Faults.Fault(wellFormed(pointer), wellFormed(detail)));
        }
    }

    /** A fault of the value, or the container, the parser stands at. */
    void here(JsonParser json, String detail) {
        if (faults.size() < Faults.FAULTS_MAX) {
            add(json.getParsingContext().pathAsPointer().toString(), detail);
        }
    }

    /** A fault of a member that the object just ended should have had. */
    void missing(JsonParser json, String name) {
        if (faults.size() < Faults.FAULTS_MAX) {
            add(json.getParsingContext().pathAsPointer() + "/" + name, "is required");
        }
    }

    /** A field name may hold a lone surrogate; an answer may not. */
    private static String wellFormed(String text) {
        int bad = TextRules.firstLoneSurrogate(text, 0);
        if (bad < 0) {
            return text;
        }
        StringBuilder fixed = new StringBuilder(text);
        for (int i = bad; i >= 0; i = TextRules.firstLoneSurrogate(fixed, i + 1)) {
            fixed.setCharAt(i, REPLACEMENT);
        }
        return fixed.toString();
    }
}
