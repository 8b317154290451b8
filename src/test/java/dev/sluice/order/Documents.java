package dev.sluice.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.order.OrderParser.Submission;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Documents to submit, and what the parser says to them. */
final class Documents {

    static final Submission SUBMISSION = new Submission("default", null, 1_735_689_600_123_456L);

    private static final String ITEM = "{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"1\"}";

    private Documents() {}

    static Parsed parse(byte[] bytes) {
        return new OrderParser().parse(bytes, 0, bytes.length, SUBMISSION);
    }

    static Parsed parse(String text) {
        return parse(text.getBytes(UTF_8));
    }

    static Order order(String text) {
        return assertInstanceOf(Order.class, parse(text));
    }

    static List<Faults.Fault> faults(String text) {
        return assertInstanceOf(Faults.class, parse(text)).faults();
    }

    static List<String> pointers(Parsed parsed) {
        return assertInstanceOf(Faults.class, parsed).faults().stream()
                .map(Faults.Fault::pointer)
                .collect(Collectors.toList());
    }

    static List<String> pointers(String text) {
        return pointers(parse(text));
    }

    static String customer(String json) {
        return "{\"customerId\":" + json + ",\"currency\":\"EUR\",\"items\":[" + ITEM + "]}";
    }

    static String items(String json) {
        return "{\"customerId\":\"c\",\"currency\":\"EUR\",\"items\":" + json + "}";
    }

    static String items(int count) {
        return items(IntStream.range(0, count).mapToObj(i -> ITEM).collect(Collectors.joining(",", "[", "]")));
    }

    static String item(String sku, String quantity, String unitPrice) {
        return "{\"sku\":" + sku + ",\"quantity\":" + quantity + ",\"unitPrice\":" + unitPrice + "}";
    }

    static String price(String json) {
        return items("[" + item("\"A\"", "1", json) + "]");
    }

    static String attributes(String json) {
        return "{\"customerId\":\"c\",\"currency\":\"EUR\",\"items\":[" + ITEM + "],\"attributes\":" + json + "}";
    }

    static List<String> corpus(String name) {
        try (InputStream in = Documents.class.getResourceAsStream("/corpus/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8)
                    .lines()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
