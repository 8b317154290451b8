package dev.sluice.order;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The faults of the document being read, in the order found; those beyond {@link Faults#FAULTS_MAX} or {@link
 * Faults#BYTES_MAX} are dropped. Its methods read what fields of orders and of items share, and leave the parser at the
 * end of the value.
 */
final class FaultList {

    private static final char REPLACEMENT = '\uFFFD';
    private static final int CONTROL_BYTES = 6;
    private static final int NOT_ASCII_BYTES = 3;

    private final List<Faults.Fault> faults = new ArrayList<>();
    private int bytes;

    void clear() {
        faults.clear();
        bytes = 0;
    }

    private boolean hasRoom() {
        return faults.size() < Faults.FAULTS_MAX && bytes < Faults.BYTES_MAX;
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
        if (hasRoom()) {
            faults.add(new Faults.Fault(wellFormed(pointer), wellFormed(detail)));
            bytes += jsonBytes(pointer) + jsonBytes(detail);
        }
    }

    /** A fault of the value, or the container, the parser stands at. */
    void here(JsonParser json, String detail) {
        if (hasRoom()) {
            add(json.getParsingContext().pathAsPointer().toString(), detail);
        }
    }

    /** A fault of a member that the object just ended should have had. */
    void missing(JsonParser json, String name) {
        if (hasRoom()) {
            add(json.getParsingContext().pathAsPointer() + "/" + name, "is required");
        }
    }

    /** A value of a type that the field does not take; {@code null} has a detail of its own. */
    void wrongType(JsonParser json, String detail) throws IOException {
        here(json, json.currentToken() == JsonToken.VALUE_NULL ? "must not be null" : detail);
        json.skipChildren();
    }

    void unknown(JsonParser json) throws IOException {
        here(json, "is not a field");
        json.skipChildren();
    }

    /** Returns false: the value is skipped. */
    boolean duplicate(JsonParser json) throws IOException {
        here(json, "must not appear twice");
        json.skipChildren();
        return false;
    }

    /** The text of a string; null after a fault. */
    @Nullable
    String string(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        wrongType(json, "must be a string");
        return null;
    }

    /** A string of 1 to 64 characters; any text after a fault. */
    String name(JsonParser json) throws IOException {
        String text = string(json);
        if (text == null) {
            return "";
        }
        String detail = TextRules.name(text);
        if (detail != null) {
            here(json, detail);
        }
        return text;
    }

    /** As an answer has it, escapes included; a little more for what is not ASCII. */
    private static int jsonBytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int escaped = c == '"' || c == '\\' ? 2 : 1;
            bytes += c < ' ' ? CONTROL_BYTES : c < 0x80 ? escaped : NOT_ASCII_BYTES;
        }
        return bytes;
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
