package dev.sluice.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.order.RandomOrders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the orders of a bulk body are, whatever the body and however it is cut. */
class BulkSplitterTest {

    private static final int ORDERS_MAX = 100;

    /** What a splitter found: {@code number:text} of each order, or why there are none. */
    private record Found(List<String> orders, String problem) {}

    private static Found lines(String body) {
        BulkLines lines = new BulkLines(ORDERS_MAX);
        return split(body.getBytes(UTF_8), lines, new NdjsonSplitter(lines), Integer.MAX_VALUE);
    }

    private static Found array(String body) {
        return array(body, Integer.MAX_VALUE);
    }

    private static Found array(String body, int cut) {
        BulkLines lines = new BulkLines(ORDERS_MAX);
        return split(body.getBytes(UTF_8), lines, new ArraySplitter(lines), cut);
    }

    private static Found split(byte[] body, BulkLines lines, BulkSplitter splitter, int cut) {
        String problem = null;
        for (int from = 0; from < body.length && problem == null; from += Math.min(cut, body.length - from)) {
            problem = splitter.feed(body, from, from + Math.min(cut, body.length - from));
        }
        String atEnd = splitter.end();
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            orders.add(lines.number(i) + ":" + new String(body, lines.from(i), lines.length(i), UTF_8));
        }
        return new Found(orders, problem == null ? atEnd : problem);
    }

    @Test
    void aLineEndsWithLfOrCrLfOrTheBody() {
        assertEquals(List.of("1:{}", "2:{ }", "3:x"), lines("{}\n{ }\r\nx").orders());
        assertEquals(List.of("1:{}"), lines("{}\n").orders());
        assertEquals(List.of("1:{}"), lines("{}\r").orders());
    }

    @Test
    void blankLinesAreCountedOnly() {
        assertEquals(List.of("2:a", "5:b"), lines("\na\n\r\n \t \nb\n\n\n").orders());
        assertEquals(List.of(), lines("").orders());
        assertEquals(List.of(), lines("\n \r\n").orders());
    }

    @Test
    void whatIsNoSpaceMakesALineThatTheParserJudges() {
        assertEquals(
                List.of("1:\uFEFF", "2:\u0000", "3:\u00a0", "4:\u000b"),
                lines("\uFEFF\n\0\n\u00a0\n\u000b").orders());
        assertEquals(List.of("1:\uFEFF{}"), lines("\uFEFF{}").orders());
    }

    @Test
    void aCrWithinALineIsPartOfIt() {
        assertEquals(List.of("1:a\rb"), lines("a\rb\r\n").orders());
        assertEquals(List.of("1:a\r"), lines("a\r\r\n").orders());
    }

    @Test
    void elementsAreFoundWhateverTheyHold() {
        String body = " [ {\"a\":[1,{\"b\":\"]},{\\\"\"}]} ,[], \"x,]\\\\\" ,1,true\r\n,-1.5e+3,{}]\n";
        Found found = array(body);
        assertNull(found.problem());
        assertEquals(
                List.of(
                        "1:{\"a\":[1,{\"b\":\"]},{\\\"\"}]}",
                        "2:[]",
                        "3:\"x,]\\\\\"",
                        "4:1",
                        "5:true",
                        "6:-1.5e+3",
                        "7:{}"),
                found.orders());
        for (int cut = 1; cut < body.length(); cut++) {
            assertEquals(found, array(body, cut), "cut every " + cut);
        }
    }

    @Test
    void aBadElementIsNotTheSplittersToJudge() {
        assertEquals(
                List.of("1:{tru,,:}", "2:{\"a\" 1}", "3:12x"),
                array("[{tru,,:},{\"a\" 1},12x]").orders());
    }

    @Test
    void anEmptyArrayHasNoOrders() {
        assertEquals(new Found(List.of(), null), array(" [ ] "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{}",
                "\uFEFF[]",
                "null",
                "[",
                "[{}",
                "[{}}",
                "[{]",
                "[{}{}]",
                "[{} {}]",
                "[{},]",
                "[,{}]",
                "[{}]]",
                "[{}] {}",
                "[{}]x",
                "[{},,{}]",
                "[\"a]",
                "[\"a\\\"]",
                "[1 2]",
                "[1:2]",
                "[\"a\":1]",
                "[[}]",
                "[{}\0]",
                "[1",
                "[a{}]",
                "[\"a\"b]",
                "[\u00a0]",
                "]",
                "[;]"
            })
    void whatIsNoArrayIsRefusedWhereverItIsCut(String body) {
        assertNotNull(array(body).problem());
        assertEquals(array(body).problem(), array(body, 1).problem());
    }

    @Test
    void theProblemNamesTheByte() {
        assertEquals("',' or ']' was expected at byte 4", array("[{}{}]").problem());
        assertEquals("it ends too early, after 3 bytes", array("[{}").problem());
    }

    @Test
    void depthHasNoLimitButTheBody() {
        String deep = "[".repeat(200_000) + "]".repeat(200_000);
        assertNull(array(deep).problem());
        assertNotNull(array(deep + "]").problem());
    }

    @Test
    void ordersAreTakenBelowAndAtTheBoundAndAboveItIsRemembered() {
        for (int orders : new int[] {ORDERS_MAX - 1, ORDERS_MAX, ORDERS_MAX + 1}) {
            BulkLines lines = new BulkLines(ORDERS_MAX);
            byte[] body = "{}\n".repeat(orders).getBytes(UTF_8);
            split(body, lines, new NdjsonSplitter(lines), 7);
            assertEquals(Math.min(orders, ORDERS_MAX), lines.size());
            assertEquals(orders > ORDERS_MAX, lines.isOverfull());
        }
    }

    /** Jackson, reading the same array, is the judge of where elements end. */
    @Test
    void randomArraysAreSplitAsAParserSplitsThem() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomOrders documents = new RandomOrders(random);
        for (int round = 0; round < 300; round++) {
            List<String> elements = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                elements.add(documents.next());
            }
            String body = "[" + String.join(",", elements) + "]";
            Found found = array(body, 1 + random.nextInt(64));
            assertNull(found.problem(), "seed " + seed);
            assertEquals(elements.size(), found.orders().size(), "seed " + seed);
            for (int i = 0; i < elements.size(); i++) {
                assertEquals(
                        i + 1 + ":" + elements.get(i).strip(), found.orders().get(i), "seed " + seed);
            }
        }
    }

    /** Whatever Jackson reads as an array is split into as many elements; bytes are changed at random. */
    @Test
    void damagedArraysAreRefusedOrSplitAsAParserWould() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "[]{},:\"\\ 1a\n";
        int wellFormed = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder body = new StringBuilder("[");
            for (int i = random.nextInt(8); i >= 0; i--) {
                body.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String text = body.append(random.nextBoolean() ? "]" : "").toString();
            int expected = elements(text);
            Found found = array(text, 1 + random.nextInt(3));
            if (expected >= 0) {
                wellFormed++;
                assertNull(found.problem(), () -> text + " seed " + seed);
                assertEquals(expected, found.orders().size(), () -> text + " seed " + seed);
            }
        }
        assertTrue(wellFormed > 100, "well-formed by chance: " + wellFormed);
    }

    /** Elements of a well-formed array, or -1. */
    private static int elements(String text) {
        try (JsonParser json = new JsonFactory().createParser(text)) {
            int elements = 0;
            if (json.nextToken() != JsonToken.START_ARRAY) {
                return -1;
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                json.skipChildren();
                elements++;
            }
            return json.nextToken() == null ? elements : -1;
        } catch (IOException e) {
            assertFalse(String.valueOf(e.getMessage()).isEmpty());
            return -1;
        }
    }
}
