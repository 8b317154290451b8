package dev.sluice.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CorpusTest {

    static List<String> good() {
        return Documents.corpus("orders-good.ndjson");
    }

    static List<String> bad() {
        return Documents.corpus("orders-bad.ndjson");
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodDocumentIsAnOrder(String document) {
        Order order = assertInstanceOf(Order.class, Documents.parse(document));
        Fingerprint stored = StoredContent.fingerprint(
                order.customerId(), order.currency(), order.total(), order.itemsJson(), order.attributesJson());
        assertEquals(order.fingerprint(), stored);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadDocumentHasEachOfItsFaultsPointedToInOrder(String line) {
        JsonObject testCase = new JsonObject(line);
        assertEquals(testCase.getJsonArray("pointers").getList(), Documents.pointers(testCase.getString("document")));
    }
}
