package dev.sluice.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {

    @Test
    void theEncodingIsTheOneThatStoredRowsWereHashedWith() {
        String document = "{\"customerId\":\"c-42\",\"currency\":\"EUR\","
                + "\"items\":[{\"sku\":\"ABC-1\",\"quantity\":2,\"unitPrice\":\"12.50\"}],"
                + "\"attributes\":{\"channel\":\"web\",\"weight\":1.50}}";
        assertEquals(
                "01d2a5b72ffbe573301594bb90870ad827c83a2112add9a546b9126d1a9a57302b",
                fingerprint(document).toString());
    }

    @ParameterizedTest
    @CsvSource({"12.5, '\"12.50\"'", "12.5, 12.5000", "0, '\"0.00\"'", "100, '\"100.0\"'"})
    void aPriceCountsByValue(String one, String other) {
        assertEquals(fingerprint(Documents.price(one)), fingerprint(Documents.price(other)));
    }

    @ParameterizedTest
    @CsvSource({
        "100, 1e2",
        "100, 100.0",
        "100, 10.0e1",
        "0, -0.0",
        "0, 0e7",
        "1.5, 1.500",
        "-0.001, -1e-3",
        "20, 20.00",
        "1e40, 1.0e40"
    })
    void anAttributeNumberCountsByValue(String one, String other) {
        for (String shape : List.of("{\"a\":%s}", "{\"a\":[%s,1]}", "{\"a\":{\"b\":%s}}")) {
            assertEquals(
                    fingerprint(Documents.attributes(String.format(shape, one))),
                    fingerprint(Documents.attributes(String.format(shape, other))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"b\":1, \"a\":\"\\u0078\"}", " {\"a\" : \"x\",\"b\":1.0}"})
    void spellingDoesNotCount(String attributes) {
        assertEquals(
                fingerprint(Documents.attributes("{\"a\":\"x\",\"b\":1}")),
                fingerprint(Documents.attributes(attributes)));
    }

    @Test
    void aNumberInAStringCountsAsText() {
        assertNotEquals(
                fingerprint(Documents.attributes("{\"a\":\"1.50\"}")),
                fingerprint(Documents.attributes("{\"a\":\"1.5\"}")));
        assertNotEquals(
                fingerprint(Documents.attributes("{\"a\":\"\\\"1.50\"}")),
                fingerprint(Documents.attributes("{\"a\":\"\\\"1.5\"}")));
    }

    @Test
    void whateverDiffersInContentDiffersInFingerprint() {
        List<String> documents = List.of(
                Documents.items(1),
                Documents.items(2),
                Documents.items("[" + Documents.item("\"A\"", "2", "1") + "]"),
                Documents.items("[" + Documents.item("\"A\"", "1", "2") + "]"),
                Documents.items("[" + Documents.item("\"A\"", "1", "0.0001") + "]"),
                Documents.items("[" + Documents.item("\"B\"", "1", "1") + "]"),
                Documents.items(
                        "[" + Documents.item("\"A\"", "1", "1") + "," + Documents.item("\"B\"", "1", "1") + "]"),
                Documents.items(
                        "[" + Documents.item("\"B\"", "1", "1") + "," + Documents.item("\"A\"", "1", "1") + "]"),
                Documents.items(1).replace("EUR", "USD"),
                Documents.customer("\"d\""),
                Documents.customer("\"cEUR\""),
                Documents.attributes("{}"),
                Documents.attributes("{\"a\":1}"),
                Documents.attributes("{\"a\":\"1\"}"),
                Documents.attributes("{\"a\":[1]}"),
                Documents.attributes("{\"a\":true}"),
                Documents.attributes("{\"a\":10}"),
                Documents.attributes("{\"a\":[1,2]}"),
                Documents.attributes("{\"a\":[2,1]}"),
                Documents.attributes("{\"a\":[12]}"),
                Documents.attributes("{\"a\":-1}"),
                Documents.attributes("{\"A\":1}"));
        Set<Fingerprint> fingerprints = new HashSet<>();
        documents.forEach(document -> fingerprints.add(fingerprint(document)));
        assertEquals(documents.size(), fingerprints.size());
    }

    private static Fingerprint fingerprint(String document) {
        return Documents.order(document).fingerprint();
    }
}
