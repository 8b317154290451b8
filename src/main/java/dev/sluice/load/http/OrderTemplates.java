package dev.sluice.load.http;

import dev.sluice.order.Order;
import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import dev.sluice.order.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The documents that a run sends: {@value #CONTENTS} contents, so that an order that ends under another one's key shows,
 * and some that are no orders. All begin with their client order id, the tag of the run and a number of ten digits;
 * only those digits change from order to order.
 */
final class OrderTemplates {

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
            "\"customerId\":\"c-1\",\"currency\":\"EUR\",\"items\":[],\"note\":null}",
            "\"customerId\":\"c-1\",\"currency\":\"EUR\",\"items\":[{\"sku\":");

    private final String prefix;
    private final List<byte[]> valid = new ArrayList<>();
    private final List<byte[]> fingerprints = new ArrayList<>();
    private final List<byte[]> invalid = new ArrayList<>();

    /** For a run with this tag. */
    OrderTemplates(String tag) {
        prefix = tag + "-";
        OrderParser parser = new OrderParser();
        for (int i = 0; i < CONTENTS; i++) {
            byte[] document = document(content(i));
            valid.add(document);
            fingerprints.add(fingerprint(parser, document));
        }
        FAULTS.forEach(fault -> invalid.add(document(fault)));
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

    /** Where an order's number stands in every document. */
    int digitsAt() {
        return HEAD.length() + prefix.length();
    }

    List<byte[]> valid() {
        return valid;
    }

    List<byte[]> invalid() {
        return invalid;
    }

    /** The one content of an order of that number. */
    static int contentOf(long number) {
        return (int) (number % CONTENTS);
    }

    int faultOf(long number) {
        return (int) (number % invalid.size());
    }

    /** As it stands in a history. */
    byte[] fingerprint(Shipment.Kind kind, long number) {
        return kind == Shipment.Kind.INVALID ? NO_FINGERPRINT : fingerprints.get(contentOf(number));
    }

    /** Writes the last {@value #DIGITS} digits of an order's number into a document, with leading zeros. */
    static void putNumber(byte[] document, int at, long number) {
        long rest = number;
        for (int i = at + DIGITS - 1; i >= at; i--) {
            document[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** A client order id to be filled in by {@link #putNumber}. */
    byte[] clientOrderId() {
        return (prefix + ZEROS).getBytes(StandardCharsets.US_ASCII);
    }
}
