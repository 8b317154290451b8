package dev.sluice.order;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that fields of orders and of items share, and adds a fault where a value is not allowed. Each method
 * leaves the parser at the end of the value.
 */
final class FieldReader {

    private FieldReader() {}

    /** A value of a type that the field does not take; {@code null} has a detail of its own. */
    static void wrongType(JsonParser json, FaultList faults, String detail) throws IOException {
        faults.here(json, json.currentToken() == JsonToken.VALUE_NULL ? "must not be null" : detail);
        json.skipChildren();
    }

    static void unknown(JsonParser json, FaultList faults) throws IOException {
        faults.here(json, "is not a field");
        json.skipChildren();
    }

    /** Returns false: the value is skipped. */
    static boolean duplicate(JsonParser json, FaultList faults) throws IOException {
        faults.here(json, "must not appear twice");
        json.skipChildren();
        return false;
    }

    /** The text of a string; null after a fault. */
    static @Nullable String string(JsonParser json, FaultList faults) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        wrongType(json, faults, "must be a string");
        return null;
    }

    /** A string of 1 to 64 characters; any text after a fault. */
    static String name(JsonParser json, FaultList faults) throws IOException {
        String text = string(json, faults);
        if (text == null) {
            return "";
        }
        String detail = TextRules.name(text);
        if (detail != null) {
            faults.here(json, detail);
        }
        return text;
    }
}
