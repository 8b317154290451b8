package dev.sluice.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredContentTest {

    @Test
    void whatJsonbDidToTheSpellingIsUndone() {
        assertEquals(
                "{\"aa\":[1.50,{\"x\":1,\"yy\":2}],\"b\":\"t\"}",
                StoredContent.canonicalAttributes("{\"b\": \"t\", \"aa\": [1.50, {\"x\": 1, \"yy\": 2}]}"));
        assertEquals(
                "[{\"sku\":\"A\\\"\",\"quantity\":2,\"unitPrice\":\"12.50\"}]",
                StoredContent.canonicalItems("[{\"unitPrice\": \"12.50\", \"quantity\": 2, \"sku\": \"A\\\"\"}]"));
    }

    @Test
    void textsAndFingerprintsOfRandomOrdersSurviveAJsonbColumn() {
        long seed = System.nanoTime();
        RandomOrders orders = new RandomOrders(new Random(seed));
        for (int round = 0; round < 3_000; round++) {
            Order order = Documents.order(orders.next());
            String attributes = order.attributesJson() == null ? null : JsonbLike.reshuffled(order.attributesJson());
            String items = JsonbLike.reshuffled(order.itemsJson());
            assertEquals(order.itemsJson(), StoredContent.canonicalItems(items), () -> "seed " + seed);
            if (attributes != null) {
                assertEquals(order.attributesJson(), StoredContent.canonicalAttributes(attributes), "seed " + seed);
            }
            assertEquals(
                    order.fingerprint(),
                    StoredContent.fingerprint(order.customerId(), order.currency(), order.total(), items, attributes),
                    () -> "seed " + seed);
        }
    }

    @Test
    void rowsThatAPersonBlankedCanStillBeRead() {
        assertEquals("[]", StoredContent.canonicalItems("[]"));
        assertEquals(
                "[{\"sku\":\"\",\"quantity\":0,\"unitPrice\":\"\"}]",
                StoredContent.canonicalItems("[{\"x\": {\"y\": []}}]"));
        assertEquals("{\"email\":null}", StoredContent.canonicalAttributes("{\"email\": null}"));
        assertEquals(
                "{\"a\":" + "9".repeat(50) + "}", StoredContent.canonicalAttributes("{\"a\": " + "9".repeat(50) + "}"));
    }

    /** What {@code update orders set items = …} can leave: an answer shows it, and is JSON. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|[]",
                "null|[]",
                "1|[]",
                "true|[]",
                "'\"\"'|[]",
                "{\"sku\": [\"A\"]}|[]",
                "[1, null, \"x\", [[]], {}]|[{\"sku\":\"\",\"quantity\":0,\"unitPrice\":\"\"}]",
                "[{\"sku\": null, \"quantity\": null, \"unitPrice\": null}]|"
                        + "[{\"sku\":\"\",\"quantity\":0,\"unitPrice\":\"\"}]",
                "[{\"sku\": {\"a\": {}}, \"quantity\": \"two\", \"unitPrice\": [1]}, {\"sku\": 1, \"unitPrice\": 2.50}]|"
                        + "[{\"sku\":\"\",\"quantity\":0,\"unitPrice\":\"\"},"
                        + "{\"sku\":\"1\",\"quantity\":0,\"unitPrice\":\"2.50\"}]"
            })
    void itemsThatAPersonBlankedInAnyWayCanStillBeRead(String stored, String shown) {
        assertEquals(shown, StoredContent.canonicalItems(stored));
        assertThrows(
                IllegalArgumentException.class, () -> StoredContent.fingerprint("c", "EUR", "0", stored, null), stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "false", "\"x\"", "[]", "[{\"a\": [1]}]"})
    void attributesThatAPersonBlankedInAnyWayCanStillBeRead(String stored) {
        assertEquals("{}", StoredContent.canonicalAttributes(stored));
        String items = "[" + Documents.item("\"A\"", "1", "\"1\"") + "]";
        assertThrows(
                IllegalArgumentException.class,
                () -> StoredContent.fingerprint("c", "EUR", "1", items, stored),
                stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"26.00", "25.0", "25", "25.000", "-25.00", "NaN", "null", ""})
    void aTotalThatIsNotThatOfTheItemsIsNoContent(String total) {
        Order order = Documents.order(Documents.items("[" + Documents.item("\"A\"", "2", "\"12.50\"") + "]"));
        assertEquals("25.00", order.total());
        assertThrows(
                IllegalArgumentException.class,
                () -> StoredContent.fingerprint(
                        order.customerId(), order.currency(), total, order.itemsJson(), order.attributesJson()));
    }

    @Test
    void whatIsNoContentIsAnErrorThatDoesNotQuoteIt() {
        for (String text : List.of("", "secret", "{\"a\":", "[".repeat(100))) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> StoredContent.canonicalItems(text));
            assertEquals(-1, String.valueOf(e.getMessage()).indexOf("secret"));
            assertThrows(IllegalArgumentException.class, () -> StoredContent.canonicalAttributes(text));
            assertThrows(
                    IllegalArgumentException.class, () -> StoredContent.fingerprint("c", "EUR", "0", text, null), text);
        }
        assertThrows(IllegalArgumentException.class, () -> StoredContent.canonicalAttributes("{\"a\": 1e999999999}"));
    }
}
