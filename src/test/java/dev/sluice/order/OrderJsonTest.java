package dev.sluice.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderJsonTest {

    private final OrderJson orderJson = new OrderJson();

    @Test
    void aCommittedOrderShowsWhatWasSentAndWhatWasAdded() {
        Order order =
                Documents.order("{\"clientOrderId\":\"web-7f3a-0001\",\"customerId\":\"c-42\",\"currency\":\"EUR\","
                        + "\"items\":[{\"sku\":\"ABC-1\",\"quantity\":2,\"unitPrice\":12.50}],"
                        + "\"attributes\":{\"channel\":\"web\"}}");
        String expected = "{\"id\":\"1db3ef6c-15ce-820b-97d8-b7396807a414\",\"clientOrderId\":\"web-7f3a-0001\","
                + "\"customerId\":\"c-42\",\"currency\":\"EUR\","
                + "\"items\":[{\"sku\":\"ABC-1\",\"quantity\":2,\"unitPrice\":\"12.50\"}],"
                + "\"attributes\":{\"channel\":\"web\"},\"total\":\"25.00\",\"status\":\"committed\","
                + "\"acceptedAt\":\"2025-01-01T00:00:00.123456Z\",\"committedAt\":\"2025-01-01T00:00:01.000000Z\"}";
        assertEquals(expected, new String(orderJson.bytes(order, "committed", 1_735_689_601_000_000L), UTF_8));
    }

    @Test
    void whatAnOrderDoesNotHaveIsLeftOut() {
        JsonObject json = read(Documents.order(Documents.items(1)), "queued");
        assertEquals(
                "[id, customerId, currency, items, total, status, acceptedAt]",
                json.fieldNames().toString());
        assertEquals("queued", json.getString("status"));
    }

    @Test
    void aDeadOrderSaysWhy() {
        Order order = Documents.order(Documents.items(1));
        JsonObject dead =
                new JsonObject(new String(orderJson.dead(new FoundOrder.Dead(order, "“no”\n", false)), UTF_8));
        assertEquals("dead", dead.getString("status"));
        assertEquals("“no”\n", dead.getString("reason"));
        assertEquals(null, dead.getValue("discarded"));
        JsonObject discarded = new JsonObject(new String(orderJson.dead(new FoundOrder.Dead(order, "x", true)), UTF_8));
        assertEquals(true, discarded.getBoolean("discarded"));
    }

    @Test
    void anyCustomerComesBackAsItWasSent() {
        for (String customer :
                new String[] {"\"\\", "ä\"ö\\", "€\u2028\u2029", "😀", "</script>", "a\u00ad", "\uFFFF"}) {
            String document = new JsonObject(Documents.items(1))
                    .put("customerId", customer)
                    .encode();
            assertEquals(customer, read(Documents.order(document), "queued").getString("customerId"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00.000000Z",
        "-1, 1969-12-31T23:59:59.999999Z",
        "951827696789012, 2000-02-29T12:34:56.789012Z",
        "253402300799999999, 9999-12-31T23:59:59.999999Z",
        "-62167219200000000, 0000-01-01T00:00:00.000000Z"
    })
    void timesAreUtcWithSixFractionDigits(long micros, String text) {
        Utf8Buffer out = new Utf8Buffer(4);
        OrderJson.time(out, micros);
        assertEquals(text, out.toString());
    }

    @Test
    void timesBeyondFourDigitYearsAreRefused() {
        Utf8Buffer out = new Utf8Buffer(4);
        assertThrows(IllegalArgumentException.class, () -> OrderJson.time(out, 253_402_300_800_000_000L));
        assertThrows(IllegalArgumentException.class, () -> OrderJson.time(out, Long.MIN_VALUE));
    }

    private JsonObject read(Order order, String status) {
        return new JsonObject(new String(orderJson.bytes(order, status, null), UTF_8));
    }
}
