package dev.sluice.bus.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeFrameTest {

    private static BridgeFrame read(String json) throws IOException {
        return BridgeFrame.read(json.getBytes(ISO_8859_1));
    }

    private static Stream<String> bodies() {
        return Stream.of(
                "{}",
                "[]",
                "[1,{\"a\":[{}]},\"]\"]",
                "{\"a\":\"}\\\"{\\\\\"}",
                "{ \"a\" : 1.50e3 ,\n \"b\" : \"\u00c3\u00a4\" }",
                // no orders, and frames' bodies all the same
                "{\"a\":1,\"a\":2}",
                "{\"a\":,}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\u00ff\"}",
                "{\"a\":nothing}",
                "{\"a\":" + "9".repeat(5_000) + "}",
                "{\"" + "n".repeat(60_000) + "\":1}",
                "[".repeat(100_000) + "]".repeat(100_000));
    }

    /** Whatever is wrong within it is for the parser of orders to say. */
    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyIsTheBytesThatCame(String body) throws IOException {
        BridgeFrame frame = read("{\"headers\":{\"body\":{}},\"type\":\"send\",\"body\":" + body
                + " , \"address\":\"a\",\"replyAddress\":\"r\"}");
        assertEquals("send", frame.type());
        assertEquals("a", frame.address());
        assertEquals("r", frame.replyAddress());
        assertNotNull(frame.body());
        assertEquals(body, frame.body().toString(ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "true", "\"{}\"", "\"[0]\""})
    void whatIsNoStructureIsNoBody(String body) throws IOException {
        assertNull(read("{\"type\":\"send\",\"body\":" + body + "}").body());
    }

    /** A name that is an object is none, and its members are not those of the frame. */
    @Test
    void onlyTheOutermostMembersCount() throws IOException {
        BridgeFrame frame = read("{\"type\":\"ping\",\"replyAddress\":{\"type\":\"send\"},\"address\":[\"a\"]}");
        assertEquals("ping", frame.type());
        assertEquals("", frame.replyAddress());
        assertEquals("", frame.address());
    }

    private static Stream<String> noFrames() {
        String many = IntStream.range(0, 40).mapToObj(i -> "\"m" + i + "\":1").collect(Collectors.joining(","));
        String structures =
                IntStream.range(0, 20).mapToObj(i -> "\"m" + i + "\":{}").collect(Collectors.joining(","));
        return Stream.of(
                "",
                "7",
                "[]",
                "[{\"type\":\"ping\"}]",
                "{",
                "{\"type\":\"ping\"}{}",
                "{\"type\":\"ping\"} x",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "{\"body\":{},\"body\":{}}",
                "{\"type\":\"pi",
                "{\"body\":{\"a\":[1}",
                "{\"body\":{\"a\":1}",
                "{\"body\":[1]]}",
                "{\"type\":\"" + "t".repeat(300) + "\"}",
                "{" + many + "}",
                "{" + structures + "}",
                "{\"" + "n".repeat(65) + "\":1}");
    }

    @ParameterizedTest
    @MethodSource("noFrames")
    void whatIsNoFrameIsRefused(String json) {
        assertThrows(IOException.class, () -> read(json));
    }

    @Test
    void textIsUtf8() throws IOException {
        byte[] frame = "{\"type\":\"send\",\"replyAddress\":\"ä€😀\"}".getBytes(UTF_8);
        assertEquals("ä€😀", BridgeFrame.read(frame).replyAddress());
    }
}
