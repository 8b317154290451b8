package dev.sluice.load.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Faults;
import dev.sluice.order.Order;
import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import dev.sluice.order.Parsed;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderDocumentsTest {

    private static final int MORE_THAN_ALL_FAULTS = 10;

    private final OrderParser parser = new OrderParser();

    private Parsed parsed(byte[] document) {
        return parser.parse(document, 0, document.length, new Submission("default", null, 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyDocumentIsWhatItClaims(boolean inArrays) {
        OrderDocuments documents = new OrderDocuments("ltag", inArrays);
        for (int number = 0; number < MORE_THAN_ALL_FAULTS; number++) {
            assertInstanceOf(Faults.class, parsed(documents.document(Shipment.Kind.INVALID, number)));
        }
        long different = IntStream.range(0, 2 * OrderDocuments.CONTENTS)
                .mapToObj(number -> (Order) parsed(documents.document(Shipment.Kind.FRESH, number)))
                .map(Order::fingerprint)
                .distinct()
                .count();
        assertEquals(OrderDocuments.CONTENTS, different);
    }

    /** One that is cut would spoil the orders behind it. */
    @Test
    void everyElementOfAnArrayIsJson() {
        assertTrue(IntStream.range(0, MORE_THAN_ALL_FAULTS).allMatch(number -> isJson(true, number)));
        assertTrue(IntStream.range(0, MORE_THAN_ALL_FAULTS).anyMatch(number -> !isJson(false, number)));
    }

    private static boolean isJson(boolean inArrays, long number) {
        byte[] document = new OrderDocuments("ltag", inArrays).document(Shipment.Kind.INVALID, number);
        try {
            return !new JsonObject(new String(document, StandardCharsets.US_ASCII)).isEmpty();
        } catch (DecodeException e) {
            return false;
        }
    }

    @Test
    void theTemplatesAreListedByTheirNumbers() {
        OrderDocuments documents = new OrderDocuments("ltag", false);
        IntStream.range(0, documents.templates().size())
                .forEach(i -> assertEquals(i, documents.templates().get(i).number()));
    }
}
