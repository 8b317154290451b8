package dev.sluice.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.order.OrderParser.Submission;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdempotencyKeyTest {

    private static final String PLAIN = Documents.items(1);

    @Test
    void aHeaderKeyIsTheClientOrderIdWhereTheBodyHasNone() {
        Order order = assertInstanceOf(Order.class, parse(PLAIN, "web-7f3a-0001"));
        assertEquals("web-7f3a-0001", order.clientOrderId());
        assertEquals("1db3ef6c-15ce-820b-97d8-b7396807a414", order.id().toString());
    }

    @Test
    void bodyAndHeaderMaySayTheSame() {
        assertEquals(
                "k", assertInstanceOf(Order.class, parse(keyed("\"k\""), "k")).clientOrderId());
    }

    @Test
    void bodyAndHeaderThatDifferAreOneFault() {
        assertEquals(List.of("/clientOrderId"), Documents.pointers(parse(keyed("\"k\""), "K")));
    }

    @Test
    void aHeaderKeyKeepsTheRuleOfClientOrderIds() {
        assertInstanceOf(Order.class, parse(PLAIN, "!"));
        assertInstanceOf(Order.class, parse(PLAIN, "~".repeat(64)));
        for (String key : List.of("", "~".repeat(65), "a b", "ä", "\u0000", "\u007f")) {
            assertEquals(List.of("/clientOrderId"), Documents.pointers(parse(PLAIN, key)), key);
        }
    }

    @Test
    void aBodyKeyOfTheWrongTypeIsNotAlsoSaidToDiffer() {
        assertEquals(List.of("/clientOrderId"), Documents.pointers(parse(keyed("null"), "k")));
    }

    @Test
    void theKeyIsNotContent() {
        Order with = assertInstanceOf(Order.class, parse(PLAIN, "k"));
        assertEquals(Documents.order(PLAIN).fingerprint(), with.fingerprint());
    }

    private static String keyed(String json) {
        return "{\"clientOrderId\":" + json + "," + PLAIN.substring(1);
    }

    private static Parsed parse(String text, String key) {
        byte[] bytes = text.getBytes(UTF_8);
        return new OrderParser().parse(bytes, 0, bytes.length, new Submission("default", key, 0));
    }
}
