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
    void a_good_document_is_an_order(String document) {
        Order order = assertInstanceOf(Order.class, Documents.parse(document));
        Fingerprint stored = StoredContent.fingerprint(
                order.customerId(), order.currency(), order.itemsJson(), order.attributesJson());
        assertEquals(order.fingerprint(), stored);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void a_bad_document_has_each_of_its_faults_pointed_to_in_order(String line) {
        JsonObject testCase = new JsonObject(line);
        assertEquals(testCase.getJsonArray("pointers").getList(), Documents.pointers(testCase.getString("document")));
    }
}
