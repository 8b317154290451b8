package dev.sluice.load.run;

import dev.sluice.order.Order;
import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import dev.sluice.order.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The orders that a run sends, as JSON documents: {@value #CONTENTS} contents, so that an order that ends under another
 * one's key shows, and some that are no orders. All begin with their client order id, the tag of the run and a number of
 * ten digits. The bytes are prepared once; only those digits are patched from order to order. One thread, which owns them.
 */
public final class OrderDocuments {

    /** Different valid contents. */
    static final int CONTENTS = 256;

    /** Digits of an order's number. */
    static final int DIGITS = 10;

    private static final String ZEROS = "0".repeat(DIGITS);
    private static final String HEAD = "{\"clientOrderId\":\"";
    private static final byte[] NO_FINGERPRINT = {'-'};

    /** One fault each, of the kinds that clients make. */
    private static final List<String> FAULTS = List.of(
            "\"customerId\":\"c-1\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"ABC-1\",\"quantity\":0,\"unitPrice\":\"1\"}]}",
            "\"customerId\":\"c-1\",\"currency\":\"euro\",\"items\":[{\"sku\":\"ABC-1\",\"quantity\":1,\"unitPrice\":\"1\"}]}",
            "\"currency\":\"EUR\",\"items\":[{\"sku\":\"ABC-1\",\"quantity\":1,\"unitPrice\":\"1\"}]}",
            "\"customerId\":\"c-1\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"ABC-1\",\"quantity\":1,\"unitPrice\":\"1e2\"}]}",
            "\"customerId\":\"c-1\",\"currency\":\"EUR\",\"items\":[],\"note\":null}");

    /** One that ends too early; in an array it would spoil the orders behind it. */
    private static final String CUT = "\"customerId\":\"c-1\",\"currency\":\"EUR\",\"items\":[{\"sku\":";

    private final String prefix;
    private final List<Template> valid = new ArrayList<>();
    private final List<Template> invalid = new ArrayList<>();

    /** One content. */
    public static final class Template {

        private final int number;
        private final byte[] document;
        private final byte[] fingerprint;

        private Template(int number, byte[] document, byte[] fingerprint) {
            this.number = number;
            this.document = document;
            this.fingerprint = fingerprint;
        }

        /** Counted from 0 over all of a run. */
        public int number() {
            return number;
        }

        /** Its bytes, with the digits of the order that was asked for last. */
        public byte[] document() {
            return document;
        }
    }

    /**
     * The orders of a run with this tag.
     *
     * @param inArrays each one has to be JSON, as all of a request are elements of one array
     */
    OrderDocuments(String tag, boolean inArrays) {
        this.prefix = tag + "-";
        OrderParser parser = new OrderParser();
        for (int i = 0; i < CONTENTS; i++) {
            byte[] document = document(content(i));
            valid.add(new Template(i, document, fingerprint(parser, document)));
        }
        FAULTS.forEach(this::addInvalid);
        if (!inArrays) {
            addInvalid(CUT);
        }
    }

    private void addInvalid(String rest) {
        invalid.add(new Template(CONTENTS + invalid.size(), document(rest), NO_FINGERPRINT));
    }

    private byte[] document(String rest) {
        return (HEAD + prefix + ZEROS + "\"," + rest).getBytes(StandardCharsets.US_ASCII);
    }

    private static String content(int i) {
        return "\"customerId\":\"c-" + (100 + i % 64) + "\",\"currency\":\"" + (i % 4 == 0 ? "USD" : "EUR")
                + "\",\"items\":[{\"sku\":\"ABC-" + (1 + i % 16) + "\",\"quantity\":" + (1 + i)
                + ",\"unitPrice\":\"" + (10 + i % 80) + ".5" + i % 10 + "\"}],\"attributes\":{\"channel\":\"web\"}}";
    }

    private static byte[] fingerprint(OrderParser parser, byte[] document) {
        Parsed parsed = parser.parse(document, 0, document.length, new Submission("default", null, 0));
        if (parsed instanceof Order order) {
            return order.fingerprint().toString().getBytes(StandardCharsets.US_ASCII);
        }
        throw new IllegalStateException("a template is no order: " + parsed);
    }

    /** All of them, by their numbers. */
    public List<Template> templates() {
        return Stream.concat(valid.stream(), invalid.stream()).toList();
    }

    /** An order of a number has the same content whenever it is sent. */
    public Template template(Shipment.Kind kind, long number) {
        List<Template> templates = kind == Shipment.Kind.INVALID ? invalid : valid;
        return templates.get((int) (number % templates.size()));
    }

    /** The document of an order, until the next one of that content is asked for. */
    public byte[] document(Shipment.Kind kind, long number) {
        byte[] document = template(kind, number).document;
        putNumber(document, 0, number);
        return document;
    }

    /** Writes an order's number into its document, which begins there. */
    public void putNumber(byte[] bytes, int documentAt, long number) {
        putDigits(bytes, documentAt + HEAD.length() + prefix.length(), number);
    }

    /** As it stands in a history. */
    byte[] fingerprint(Shipment.Kind kind, long number) {
        return template(kind, number).fingerprint;
    }

    /** Writes the last {@value #DIGITS} digits of an order's number into a document, with leading zeros. */
    static void putDigits(byte[] document, int at, long number) {
        long rest = number;
        for (int i = at + DIGITS - 1; i >= at; i--) {
            document[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** A client order id to be filled in by {@link #putDigits}. */
    byte[] clientOrderId() {
        return (prefix + ZEROS).getBytes(StandardCharsets.US_ASCII);
    }
}
