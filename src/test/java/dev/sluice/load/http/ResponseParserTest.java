package dev.sluice.load.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTest {

    private static final String ID = "1db3ef6c-15ce-820b-97d8-b7396807a414";
    private static final String CREATED = String.join(
            "\r\n",
            "HTTP/1.1 201 Created",
            "content-type: application/json",
            "location: /orders/" + ID,
            "Idempotent-Replayed: true",
            "content-length: 5",
            "",
            "{\"a\"}");
    private static final String CHUNKED = String.join(
            "\r\n",
            "HTTP/1.1 100 Continue",
            "",
            "HTTP/1.1 503 Service Unavailable",
            "Retry-After: 7",
            "Connection: close",
            "Transfer-Encoding: chunked",
            "",
            "4;x=y",
            "{\"co",
            "B",
            "de\":\"nope\"}",
            "0",
            "Trailer: 1",
            "",
            "");

    private static ResponseParser parser() {
        ResponseParser parser = new ResponseParser(true, true);
        parser.reset();
        return parser;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String body(ResponseParser parser) {
        return new String(parser.body(), 0, parser.bodyBytes(), StandardCharsets.ISO_8859_1);
    }

    private static void assertCreated(ResponseParser parser) {
        assertTrue(parser.isDone());
        assertEquals(201, parser.status());
        assertTrue(parser.isReplayed());
        assertFalse(parser.closes());
        assertEquals(ID, parser.orderId());
        assertEquals(0, parser.retryAfterSeconds());
        assertEquals("{\"a\"}", body(parser));
    }

    private static void assertUnavailable(ResponseParser parser) {
        assertTrue(parser.isDone());
        assertEquals(503, parser.status());
        assertEquals(7, parser.retryAfterSeconds());
        assertTrue(parser.closes());
        assertFalse(parser.isReplayed());
        assertEquals("{\"code\":\"nope\"}", body(parser));
    }

    @Test
    void splitAtEveryByte() throws Exception {
        byte[] created = bytes(CREATED);
        byte[] chunked = bytes(CHUNKED);
        ResponseParser parser = parser();
        for (int cut = 1; cut < chunked.length; cut++) {
            parser.reset();
            int at = parser.parse(chunked, 0, cut);
            assertEquals(cut, at);
            assertFalse(parser.isDone());
            assertEquals(chunked.length, parser.parse(chunked, cut, chunked.length));
            assertUnavailable(parser);
            if (cut < created.length) {
                parser.reset();
                parser.parse(created, 0, cut);
                parser.parse(created, cut, created.length);
                assertCreated(parser);
            }
        }
    }

    @Test
    void responsesMayComeByteByByte() throws Exception {
        ResponseParser parser = parser();
        byte[] both = bytes(CHUNKED + CREATED);
        for (int i = 0; i < CHUNKED.length(); i++) {
            parser.parse(both, i, i + 1);
        }
        assertUnavailable(parser);
        parser.reset();
        for (int i = CHUNKED.length(); i < both.length; i++) {
            parser.parse(both, i, i + 1);
        }
        assertCreated(parser);
    }

    @Test
    void stopsWhereTheResponseEnds() throws Exception {
        ResponseParser parser = parser();
        byte[] two = bytes(CREATED + CREATED);
        assertEquals(CREATED.length(), parser.parse(two, 0, two.length));
        assertCreated(parser);
    }

    @Test
    void bodiesOf2xxAreLeftOutUnlessAskedFor() throws Exception {
        ResponseParser parser = new ResponseParser(false, false);
        parser.reset();
        parser.parse(bytes(CREATED), 0, CREATED.length());
        assertTrue(parser.isDone());
        assertEquals(0, parser.bodyBytes());
        assertEquals("", parser.orderId());
    }

    /** Else the next request goes into a connection that is over, and counts as lost. */
    @ParameterizedTest
    @CsvSource({
        "close, true",
        "Close, true",
        "'keep-alive, close', true",
        "'close,TE', true",
        "'TE ,\tclose ', true",
        "keep-alive, false",
        "closed, false",
        "'x-close, TE', false",
    })
    void ofAListCloseWins(String value, boolean closes) throws Exception {
        ResponseParser parser = parser();
        byte[] answer = bytes("HTTP/1.1 201 x\r\nConnection:" + value + "\r\nContent-Length: \t0 \r\n\r\n");
        parser.parse(answer, 0, answer.length);
        assertTrue(parser.isDone());
        assertEquals(closes, parser.closes());
    }

    /** A time that is none, or is one of day, is "not at once"; the answer counts whatever it says. */
    @ParameterizedTest
    @CsvSource({
        "7, 7",
        "0, 0",
        "99999, 99999",
        "1.5, 1",
        "1;2, 1",
        "-1, 1",
        "'', 1",
        "999999, 1",
        "'Wed, 21 Oct 2026 07:28:00 GMT', 1",
        "0x10, 1",
    })
    void whatIsAskedToWait(String value, int seconds) throws Exception {
        ResponseParser parser = parser();
        byte[] answer = bytes("HTTP/1.1 503 x\r\nRetry-After: " + value + "\r\nContent-Length: 0\r\n\r\n");
        parser.parse(answer, 0, answer.length);
        assertTrue(parser.isDone());
        assertEquals(seconds, parser.retryAfterSeconds());
    }

    @Test
    void emptyBodiesAndOldServers() throws Exception {
        ResponseParser parser = parser();
        byte[] none = bytes("HTTP/1.0 204 No Content\nServer: x\n\n");
        parser.parse(none, 0, none.length);
        assertTrue(parser.isDone() && parser.closes());
        parser.reset();
        byte[] zero = bytes("HTTP/1.1 201\r\nContent-Length: 0\r\n\r\n");
        parser.parse(zero, 0, zero.length);
        assertTrue(parser.isDone());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/1.1 2x1 Created\r\n",
                "HTTP/1.1 201 Created\r\n\r\n",
                "HTTP/1.1 201 Created\r\nContent-Length: -1\r\n",
                "HTTP/1.1 201 Created\r\nContent-Length: 99999999999999\r\n",
                "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n"
            })
    void whatIsNoResponse(String text) {
        ResponseParser parser = parser();
        assertThrows(ResponseParser.ProtocolException.class, () -> parser.parse(bytes(text), 0, text.length()));
    }

    @Test
    void aLineWithoutEndIsBounded() {
        ResponseParser parser = parser();
        byte[] part = bytes("x".repeat(1_000));
        assertThrows(ResponseParser.ProtocolException.class, () -> {
            for (int i = 0; i < 100; i++) {
                parser.parse(part, 0, part.length);
            }
        });
    }
}
