package dev.sluice.order;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads content back from the columns of a row. A jsonb column gives its text with blanks and with keys in an order of
 * its own; here it becomes the text that {@link OrderParser} wrote.
 *
 * <p>From any thread. Rewriting does not judge, as a person may have edited the row (to erase personal data, say): what
 * is no item is left out, what is no text is empty. Text that no {@code jsonb} column gives is an {@link
 * IllegalArgumentException}.
 */
public final class StoredContent {

    /** Shared: making a parser is thread safe, the parsers are not. */
    private static final StrictJson STRICT_JSON = new StrictJson();

    private static final int TOTAL_CHARACTERS = 32;

    private StoredContent() {}

    /** What is done with a document, from its first token on. */
    private interface Reading {
        void of(JsonParser parser) throws IOException;
    }

    /** Compact, keys sorted, numbers plain: as {@link Order#attributesJson()}; of another value than an object, empty. */
    public static String canonicalAttributes(String json) {
        return attributes(json, false).toString();
    }

    /** Compact, each item as sku, quantity, unitPrice: as {@link Order#itemsJson()}. Other keys are left out. */
    public static String canonicalItems(String json) {
        Utf8Buffer out = new Utf8Buffer(json.length() + 16).ascii('[');
        read(json, "items", parser -> {
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                items(parser, out);
            } else {
                parser.skipChildren();
            }
        });
        return out.ascii(']').toString();
    }

    private static void items(JsonParser parser, Utf8Buffer out) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                item(parser, out.size() == 1 ? out : out.ascii(','));
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void read(String json, String what, Reading reading) {
        try (JsonParser parser = STRICT_JSON.parser(json)) {
            expect(parser.nextToken() != null, what);
            reading.of(parser);
        } catch (IOException e) {
            throw new IllegalArgumentException("stored " + what + " are not JSON", e);
        }
    }

    /**
     * The fingerprint of a row's content. Equal to the one the parser computed, whatever a jsonb column did to the
     * spelling; items that could not have come from the parser, or a total that is not theirs to the digit, are an {@link
     * IllegalArgumentException}.
     */
    public static Fingerprint fingerprint(
            String customerId, String currency, String total, String itemsJson, @Nullable String attributesJson) {
        ContentDigest digest = new ContentDigest();
        ItemsReader items = new ItemsReader(digest);
        FaultList faults = new FaultList();
        read(itemsJson, "items", parser -> items.read(parser, faults));
        expect(faults.isEmpty(), "items");
        expect(total.equals(items.total().toText(new Utf8Buffer(TOTAL_CHARACTERS))), "total");
        return digest.finish(customerId, currency, attributesJson == null ? null : attributes(attributesJson, true));
    }

    private static Utf8Buffer attributes(String json, boolean strict) {
        AttributesReader reader = new AttributesReader(false);
        FaultList faults = new FaultList();
        read(json, "attributes", parser -> {
            boolean isObject = parser.currentToken() == JsonToken.START_OBJECT;
            expect(isObject || !strict, "attributes");
            if (isObject) {
                reader.read(parser, faults);
            } else {
                parser.skipChildren();
                reader.canonical().ascii("{}");
            }
        });
        expect(faults.isEmpty(), "attributes");
        return reader.canonical();
    }

    private static void item(JsonParser parser, Utf8Buffer out) throws IOException {
        String sku = "";
        String quantity = "0";
        String unitPrice = "";
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "sku" -> sku = text(parser);
                case "quantity" -> quantity = value.isNumeric() ? parser.getText() : "0";
                case "unitPrice" -> unitPrice = text(parser);
                default -> {}
            }
            parser.skipChildren();
        }
        out.ascii("{\"sku\":").quoted(sku).ascii(",\"quantity\":").ascii(quantity);
        out.ascii(",\"unitPrice\":").quoted(unitPrice).ascii('}');
    }

    private static String text(JsonParser parser) throws IOException {
        JsonToken value = parser.currentToken();
        return value.isScalarValue() && value != JsonToken.VALUE_NULL ? parser.getText() : "";
    }

    /** The text itself may be personal and stays out of the message. */
    private static void expect(boolean met, String what) {
        if (!met) {
            throw new IllegalArgumentException("stored " + what + " were not written by Sluice");
        }
    }
}
