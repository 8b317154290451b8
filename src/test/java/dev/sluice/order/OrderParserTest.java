package dev.sluice.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderParserTest {

    private static final String EXAMPLE = """
            {
              "clientOrderId": "web-7f3a-0001",
              "customerId": "c-42",
              "currency": "EUR",
              "items": [{ "sku": "ABC-1", "quantity": 2, "unitPrice": "12.50" }],
              "attributes": { "channel": "web" }
            }
            """;

    private final OrderParser parser = new OrderParser();

    @Test
    void theExampleOfTheContractIsAnOrder() {
        Order order = Documents.order(EXAMPLE);
        assertEquals("1db3ef6c-15ce-820b-97d8-b7396807a414", order.id().toString());
        assertEquals("default", order.account());
        assertEquals("web-7f3a-0001", order.clientOrderId());
        assertEquals("c-42", order.customerId());
        assertEquals("EUR", order.currency());
        assertEquals("25.00", order.total());
        assertEquals("[{\"sku\":\"ABC-1\",\"quantity\":2,\"unitPrice\":\"12.50\"}]", order.itemsJson());
        assertEquals("{\"channel\":\"web\"}", order.attributesJson());
        assertEquals(Documents.SUBMISSION.acceptedAtMicros(), order.acceptedAtMicros());
    }

    @Test
    void anOrderWithoutAKeyGetsAVersion7IdAndNoClientOrderId() {
        Order order = Documents.order(Documents.items(1));
        assertEquals(7, order.id().version());
        assertNull(order.clientOrderId());
        assertNull(order.attributesJson());
    }

    @Test
    void aDocumentIsReadWhereItLiesInALargerArray() {
        byte[] bytes = ("]]" + EXAMPLE + "[[").getBytes(UTF_8);
        Parsed parsed = parser.parse(bytes, 2, bytes.length - 4, Documents.SUBMISSION);
        assertEquals("25.00", assertInstanceOf(Order.class, parsed).total());
    }

    @Test
    void nothingOfOneDocumentShowsInTheNext() {
        parse(EXAMPLE);
        parse("{\"clientOrderId\":\"k\",\"attributes\":{\"a\":1},\"items\":[{\"sku\":\"Z\"");
        Order order = assertInstanceOf(Order.class, parse(Documents.items(1)));
        assertNull(order.clientOrderId());
        assertNull(order.attributesJson());
        assertEquals("1", order.total());
        assertEquals(Documents.order(Documents.items(1)).fingerprint(), order.fingerprint());
    }

    @Test
    void customerAndSkuAre1To64CodePointsWhateverTheirBytes() {
        for (String character : List.of("x", "ä", "€", "😀")) {
            Documents.order(Documents.customer("\"" + character + "\""));
            Documents.order(Documents.customer("\"" + character.repeat(63) + "\""));
            Documents.order(Documents.customer("\"" + character.repeat(64) + "\""));
            assertEquals(
                    List.of("/customerId"), Documents.pointers(Documents.customer("\"" + character.repeat(65) + "\"")));
            String sku = "[" + Documents.item("\"" + character.repeat(64) + "\"", "1", "1") + "]";
            Documents.order(Documents.items(sku));
            assertEquals(
                    List.of("/items/0/sku"),
                    Documents.pointers(Documents.items(sku.replaceFirst(character, character + character))));
        }
    }

    @Test
    void thereAre1To100Items() {
        assertEquals(List.of("/items"), Documents.pointers(Documents.items(0)));
        Documents.order(Documents.items(1));
        Documents.order(Documents.items(99));
        assertEquals("100", Documents.order(Documents.items(100)).total());
        assertEquals(List.of("/items"), Documents.pointers(Documents.items(101)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "999999", "1000000"})
    void aQuantityWithinItsBoundsIsTaken(String quantity) {
        Documents.order(Documents.items("[" + Documents.item("\"A\"", quantity, "1") + "]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1000001", "2.0", "1e3", "12345678", "123456789", "4294967297"})
    void aQuantityThatIsNotWholeDigitsWithinItsBoundsIsRefused(String quantity) {
        String document = Documents.items("[" + Documents.item("\"A\"", quantity, "1") + "]");
        assertEquals(List.of("/items/0/quantity"), Documents.pointers(document));
    }

    @Test
    void atMost100FaultsAreToldAndTheFirstOnes() {
        String faulty = "{" + "\"x\":1,".repeat(99) + "\"currency\":\"EUR\",\"customerId\":\"c\"";
        assertEquals(100, Documents.faults(faulty + "}").size());
        assertEquals("/items", Documents.faults(faulty + "}").get(99).pointer());
        assertEquals(100, Documents.faults(faulty + ",\"y\":1}").size());
        assertEquals("/y", Documents.faults(faulty + ",\"y\":1}").get(99).pointer());
    }

    /** A key stands in the pointer of each fault below it. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"k, 4000", "/, 4000", "~, 4000", "\\\\, 1900", "\\u0001, 600", "é, 1900", "😀, 900", "kk, 30"})
    void faultsAreBoundedTogetherHoweverLongTheKeysAboveThem(String character, int times) {
        String nulls = "[" + "null,".repeat(99) + "null]";
        String document = Documents.attributes("{\"" + character.repeat(times) + "\":" + nulls + "}");
        List<Faults.Fault> faults = Documents.faults(document);
        Utf8Buffer json = new Utf8Buffer(1024);
        faults.forEach(fault -> json.quoted(fault.pointer()).quoted(fault.detail()));
        assertTrue(json.size() < Faults.BYTES_MAX + 10 * 1024, () -> json.size() + " bytes");
        assertEquals(times < 100, faults.size() == Faults.FAULTS_MAX, "dropped only where they are long");
    }

    @Test
    void aDocumentOf64KiBIsReadAndOneByteMoreIsNot() {
        String order = Documents.items(1);
        String padded = order + " ".repeat(OrderParser.BYTES_MAX - order.length());
        Documents.order(padded);
        assertEquals(List.of(""), Documents.pointers(padded + " "));
    }

    @Test
    void aSyntaxErrorSaysItsLineAndColumn() {
        Faults.Fault fault = Documents.faults("{\n  \"customerId\": ?\n}").get(0);
        assertEquals("", fault.pointer());
        assertTrue(fault.detail().contains("line 2, column 17"), fault.detail());
        fault = Documents.faults("{\n\"a").get(0);
        assertTrue(fault.detail().contains("line 2, column 3"), fault.detail());
    }

    @Test
    void faultsNeverCarryWhatJacksonSaysAboutItsSource() {
        for (String text : List.of("{\"a\":[}", "[", "{\"a", "{\"a\":\"\\x\"}", "{\"customerId\":\"a\nb\"}", "{]")) {
            for (Faults.Fault fault : Documents.faults(text)) {
                assertTrue(!fault.detail().contains("Source"), fault.detail());
                assertTrue(fault.detail().length() < 250, fault.detail());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"c080", "e08080", "eda080", "edbfbf", "f08080af", "f4908080", "80", "c3", "e282", "ff", "00"})
    void bytesThatAreNotWellFormedUtf8AreRefusedWhereTheyStand(String hex) {
        byte[] head = "{\"currency\":\"eur\",\n\"customerId\":\"".getBytes(UTF_8);
        byte[] document = concat(head, HexFormat.of().parseHex(hex), "\"}".getBytes(UTF_8));
        List<Faults.Fault> faults =
                assertInstanceOf(Faults.class, Documents.parse(document)).faults();
        assertEquals(
                List.of("/currency", ""),
                faults.stream().map(Faults.Fault::pointer).toList());
        assertTrue(
                faults.get(1).detail().contains("line 2, column 15"),
                faults.get(1).detail());
    }

    @Test
    void otherEncodingsAndByteOrderMarksAreRefused() {
        for (Charset charset : List.of(
                StandardCharsets.UTF_16,
                StandardCharsets.UTF_16BE,
                StandardCharsets.UTF_16LE,
                Charset.forName("UTF-32BE"),
                Charset.forName("UTF-32LE"))) {
            assertEquals(List.of(""), Documents.pointers(Documents.parse(EXAMPLE.getBytes(charset))), charset.name());
        }
        assertEquals(List.of(""), Documents.pointers("\uFEFF" + EXAMPLE));
        assertEquals(List.of(""), Documents.pointers("\uFEFF"));
        Documents.order(Documents.customer("\"\uFEFF\""));
    }

    @Test
    void bytesBehindTheOrderAreRefusedWhateverTheyAre() {
        byte[] order = EXAMPLE.getBytes(UTF_8);
        for (byte[] tail : new byte[][] {{0}, {(byte) 0xFF}, {','}, {'}'}, {'1'}, {'{', '}'}, {'"'}}) {
            assertEquals(List.of(""), Documents.pointers(Documents.parse(concat(order, tail))));
        }
    }

    @Test
    void aDepthBombIsRefusedWithOneFault() {
        assertEquals(List.of(""), Documents.pointers("[".repeat(60_000)));
        assertEquals(List.of("/x", ""), Documents.pointers("{\"x\":".repeat(10_000)));
        assertEquals(List.of("/x", "/y", ""), Documents.pointers("{\"x\":1,\"y\":" + "[".repeat(60_000)));
        assertEquals(
                List.of("/attributes/a/0/0/0/0/0/0/0", ""),
                Documents.pointers(Documents.attributes("{\"a\":" + "[".repeat(60_000))));
    }

    @Test
    void aNumberBombIsRefusedByItsText() {
        String digits = "9".repeat(60_000);
        assertEquals(List.of("/attributes/a"), Documents.pointers(Documents.attributes("{\"a\":" + digits + "}")));
        assertEquals(List.of("/attributes/a"), Documents.pointers(Documents.attributes("{\"a\":0." + digits + "}")));
        assertEquals(List.of("/attributes/a"), Documents.pointers(Documents.attributes("{\"a\":1e" + digits + "}")));
        assertEquals(List.of("/attributes/a"), Documents.pointers(Documents.attributes("{\"a\":-1e-999999999}")));
        assertEquals(List.of("/items/0/unitPrice"), Documents.pointers(Documents.price(digits)));
        assertEquals(List.of("/items/0/unitPrice"), Documents.pointers(Documents.price("\"" + digits + "\"")));
        assertEquals(List.of("/items/0/unitPrice"), Documents.pointers(Documents.price("1e999999999")));
        assertEquals(
                List.of("/items/0/quantity"),
                Documents.pointers(Documents.items("[" + Documents.item("\"A\"", digits, "1") + "]")));
    }

    private Parsed parse(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return parser.parse(bytes, 0, bytes.length, Documents.SUBMISSION);
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
