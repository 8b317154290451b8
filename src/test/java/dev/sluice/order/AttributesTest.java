package dev.sluice.order;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributesTest {

    @Test
    void keysAreSortedByUtf16CodeUnitsAtEveryLevel() {
        assertEquals("{}", canonical(" { } "));
        assertEquals(
                "{\"\":0,\"A\":1,\"a\":2,\"aa\":3,\"b\":4}", canonical("{\"b\":4,\"aa\":3,\"a\":2,\"A\":1,\"\":0}"));
        assertEquals(
                "{\"a\":{\"x\":1,\"y\":[{\"c\":1,\"d\":2}]},\"b\":1}",
                canonical("{\"b\":1,\"a\":{\"y\":[{\"d\":2,\"c\":1}],\"x\":1}}"));
        assertEquals("{\"\uD83D\uDE00\":1,\"\uFB33\":2}", canonical("{\"\uFB33\":2,\"\uD83D\uDE00\":1}"));
    }

    @Test
    void manyKeysInAnyOrderAreSortedAndDuplicatesAmongThemFound() {
        List<Integer> numbers =
                IntStream.range(0, 200).map(i -> i * 73 % 200).boxed().collect(Collectors.toList());
        String sorted = canonical(object(numbers));
        assertEquals(canonical(object(numbers.stream().sorted().toList())), sorted);
        assertEquals(
                List.of("/attributes/k42"),
                Documents.pointers(Documents.attributes(object(numbers).replace("}", ",\"k42\":0}"))));
    }

    @Test
    void stringsAreEscapedOnlyWhereTheyMustBe() {
        assertEquals(
                "{\"a\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u007fä\u2028\uD83D\uDE00\"}",
                canonical("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u001F\\u007f\\u00e4\\u2028\\ud83d\\uDE00\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "-0.0, 0.0",
        "0e5, 0",
        "-0e-3, 0.000",
        "1.50, 1.50",
        "1e2, 100",
        "1E+2, 100",
        "1.5e1, 15",
        "1.50e1, 15.0",
        "15e-1, 1.5",
        "-1e-4, -0.0001",
        "1e0, 1",
        "1.0e5, 100000",
        "1e00002, 100",
        "1e40, 10000000000000000000000000000000000000000",
        "1e-40, 0.0000000000000000000000000000000000000001"
    })
    void numbersArePlainAndKeepTheirScaleAsInJsonb(String sent, String plain) {
        assertEquals("{\"a\":" + plain + "}", canonical("{\"a\":" + sent + "}"));
    }

    @Test
    void numbersHaveAtMost40DigitsAndAnExponentWithin40() {
        for (String number : List.of("9".repeat(39), "9".repeat(40), "-" + "9".repeat(40), "0." + "1".repeat(39))) {
            canonical("{\"a\":" + number + "}");
            canonical("{\"a\":" + number + "e39}");
            canonical("{\"a\":" + number + "e-40}");
            canonical("{\"a\":" + number + "E+40}");
            refused(number + "e41");
            refused(number + "e-41");
            refused(number + "E+9999999999999999999");
        }
        refused("9".repeat(41));
        refused("-0." + "1".repeat(40));
    }

    @Test
    void attributesNest8Deep() {
        for (int depth = 7; depth <= 8; depth++) {
            canonical("{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}");
            canonical("{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
        }
        assertEquals(
                List.of("/attributes" + "/a".repeat(8)),
                Documents.pointers(Documents.attributes("{\"a\":".repeat(9) + "1" + "}".repeat(9))));
    }

    @Test
    void theCanonicalTextHasAtMost4KiBOfUtf8() {
        for (int bytes = 4095; bytes <= 4096; bytes++) {
            canonical("{\"a\":\"" + "x".repeat(bytes - 8) + "\"}");
            canonical("{ \"a\" : \"" + "ä".repeat((bytes - 8) / 2) + "\" }");
            canonical("{\"a\":" + "[".repeat(7) + "\"" + "x".repeat(bytes - 22) + "\"" + "]".repeat(7) + "}");
        }
        assertEquals(
                4096, canonical("{\"a\":\"" + "\\u0041".repeat(4088) + "\"}").length());
        tooLong("{\"a\":\"" + "x".repeat(4089) + "\"}");
        tooLong("{\"a\":\"" + "ä".repeat(2045) + "\"}");
        tooLong("{\"a\":" + "[".repeat(7) + "\"" + "x".repeat(4097 - 22) + "\"" + "]".repeat(7) + "}");
        tooLong("{\"" + "k".repeat(4096) + "\":[{\"a\":1}],\"b\":null}");
        tooLong("{\"a\":[" + "1e40,".repeat(200) + "1]}");
    }

    @Test
    void theCanonicalFormOfACanonicalFormIsItself() {
        for (String json : Documents.corpus("orders-good.ndjson")) {
            String attributes = Documents.order(json).attributesJson();
            if (attributes != null) {
                assertEquals(attributes, StoredContent.canonicalAttributes(attributes));
            }
        }
    }

    private static String object(List<Integer> numbers) {
        return numbers.stream().map(i -> "\"k" + i + "\":" + i).collect(Collectors.joining(",", "{", "}"));
    }

    private static void refused(String number) {
        assertEquals(
                List.of("/attributes/a"), Documents.pointers(Documents.attributes("{\"a\":" + number + "}")), number);
    }

    private static void tooLong(String attributes) {
        assertEquals(List.of("/attributes"), Documents.pointers(Documents.attributes(attributes)));
    }

    private static String canonical(String attributes) {
        return Documents.order(Documents.attributes(attributes)).attributesJson();
    }
}
