package dev.sluice.load.http;

import dev.sluice.order.Order;
import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import dev.sluice.order.Parsed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The orders that a run sends, as documents and as requests: {@value #CONTENTS} contents, so that an order that ends
 * under another one's key shows, and some that are no orders. All begin with their client order id, the tag of the run
 * and a number of ten digits. The bytes are prepared once; only those digits are patched from order to order. One thread,
 * which owns them.
 */
final class OrderTemplates {

    /** Different valid contents. */
    static final int CONTENTS = 256;

    /** Digits of an order's number. */
    static final int DIGITS = 10;

    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
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
    private final Target target;
    private final List<String> headers;
    private final List<Template> valid;
    private final List<Template> invalid;
    private final byte[] batchHead;

    /** One content. */
    private static final class Template {
        final byte[] document;

        /** The document behind the head of a request of its own. */
        final byte[] request;

        /** As it stands in a history. */
        final byte[] fingerprint;

        Template(byte[] document, byte[] request, byte[] fingerprint) {
            this.document = document;
            this.request = request;
            this.fingerprint = fingerprint;
        }
    }

    /**
     * The orders of a run with this tag.
     *
     * @param headers more header lines, {@code Name: value} each
     */
    OrderTemplates(String tag, Target target, List<String> headers) {
        this.prefix = tag + "-";
        this.target = target;
        this.headers = headers;
        OrderParser parser = new OrderParser();
        this.valid = IntStream.range(0, CONTENTS)
                .mapToObj(i -> document(content(i)))
                .map(document -> new Template(document, request(document), fingerprint(parser, document)))
                .toList();
        this.invalid = FAULTS.stream()
                .map(this::document)
                .map(document -> new Template(document, request(document), NO_FINGERPRINT))
                .toList();
        this.batchHead = head("/orders/batch", NDJSON).getBytes(StandardCharsets.ISO_8859_1);
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

    private byte[] request(byte[] document) {
        byte[] head = (head("/orders", JSON) + document.length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = Arrays.copyOf(head, head.length + document.length);
        System.arraycopy(document, 0, request, head.length, document.length);
        return request;
    }

    private String head(String path, String mediaType) {
        StringBuilder head = new StringBuilder("POST ").append(target.path()).append(path);
        head.append(" HTTP/1.1\r\nHost: ").append(target.authority());
        head.append("\r\nContent-Type: ").append(mediaType).append("\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        return head.append("Content-Length: ").toString();
    }

    /** An order of a number has the same content whenever it is sent. */
    private Template template(Shipment.Kind kind, long number) {
        List<Template> templates = kind == Shipment.Kind.INVALID ? invalid : valid;
        return templates.get((int) (number % templates.size()));
    }

    private Template template(Shipment shipment, int i) {
        return template(shipment.kind(i), shipment.number(i));
    }

    /** The document of an order, until the next one of that content is asked for. */
    byte[] document(Shipment.Kind kind, long number) {
        byte[] document = template(kind, number).document;
        putNumber(document, HEAD.length() + prefix.length(), number);
        return document;
    }

    /** As it stands in a history. */
    byte[] fingerprint(Shipment.Kind kind, long number) {
        return template(kind, number).fingerprint;
    }

    /** The request for one order. */
    ByteBuf single(Shipment shipment, ByteBufAllocator allocator) {
        Template template = template(shipment, 0);
        byte[] request = template.request;
        int documentAt = request.length - template.document.length;
        putNumber(request, documentAt + HEAD.length() + prefix.length(), shipment.number(0));
        return allocator.directBuffer(request.length).writeBytes(request);
    }

    /** The request for a batch, a line per order. */
    ByteBuf batch(Shipment shipment, ByteBufAllocator allocator) {
        int bodyBytes = 0;
        for (int i = 0; i < shipment.size(); i++) {
            bodyBytes += template(shipment, i).document.length + 1;
        }
        byte[] length = (bodyBytes + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuf request = allocator.directBuffer(batchHead.length + length.length + bodyBytes);
        request.writeBytes(batchHead).writeBytes(length);
        for (int i = 0; i < shipment.size(); i++) {
            request.writeBytes(document(shipment.kind(i), shipment.number(i))).writeByte('\n');
        }
        return request;
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
