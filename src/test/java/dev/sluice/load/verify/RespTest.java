package dev.sluice.load.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RespTest {

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    private Object call(String answer, String... command) throws IOException {
        return new Resp(new ByteArrayInputStream(answer.getBytes(ISO_8859_1)), sent).call(command);
    }

    @Test
    void commandsAreListsOfStrings() throws IOException {
        call("+OK\r\n", "AUTH", "é\r\n");
        assertEquals("*2\r\n$4\r\nAUTH\r\n$4\r\n\u00c3\u00a9\r\n\r\n", sent.toString(ISO_8859_1));
    }

    @Test
    void everyKindOfReplyIsRead() throws IOException {
        assertArrayEquals("OK".getBytes(ISO_8859_1), (byte[]) call("+OK\r\n"));
        assertEquals(-7L, call(":-7\r\n"));
        assertArrayEquals(new byte[] {0, '\r', '\n', (byte) 255}, (byte[]) call("$4\r\n\0\r\n\u00ff\r\n"));
        assertArrayEquals(new byte[0], (byte[]) call("$0\r\n\r\n"));
        assertNull(call("$-1\r\n"));
        assertNull(call("*-1\r\n"));
        assertEquals(List.of(), call("*0\r\n"));
        assertEquals(List.of(1L, List.of(2L)), call("*2\r\n:1\r\n*1\r\n:2\r\n"));
    }

    @Test
    void whatIsNoRedisIsSaid() {
        for (String answer : List.of(
                "",
                "HTTP/1.1 400\r\n",
                "+OK",
                "+OK\rX",
                "$5\r\nabc\r\n",
                "$3\r\nabcde",
                ":x\r\n",
                "$99999999999\r\n",
                "$" + (Resp.BULK_BYTES_MAX + 1L) + "\r\n",
                "*" + (Resp.LIST_MAX + 1L) + "\r\n",
                "*1\r\n".repeat(20))) {
            assertThrows(IOException.class, () -> call(answer), answer);
        }
    }

    @Test
    void redisSaysNoInItsOwnWords() {
        String message =
                assertThrows(IOException.class, () -> call("-NOAUTH who?\r\n")).getMessage();
        assertTrue(message.endsWith("NOAUTH who?"), message);
    }
}
