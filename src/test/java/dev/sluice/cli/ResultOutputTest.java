package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultOutputTest {

    private final StringWriter err = new StringWriter();

    private int exitCode(OutputStream to, boolean pipe, int ofTheVerb) {
        ResultOutput stdout = new ResultOutput(to, pipe);
        PrintWriter out = new PrintWriter(stdout, true, StandardCharsets.UTF_8);
        out.println("a result");
        out.flush();
        return stdout.exitCode(ofTheVerb, new PrintWriter(err));
    }

    private static OutputStream full() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "3, 3", "99, 99"})
    void aResultThatIsLostIsNoSuccess(int ofTheVerb, int expected) {
        assertEquals(expected, exitCode(full(), false, ofTheVerb));
        assertEquals("sluice: the result could not be written to stdout: no space left on device\n", err.toString());
    }

    @Test
    void aReaderThatHasEnoughIsNoFault() {
        assertEquals(0, exitCode(full(), true, 0));
        assertEquals(99, exitCode(full(), true, 99));
        assertEquals(0, exitCode(OutputStream.nullOutputStream(), false, 0));
        assertTrue(err.toString().isEmpty(), err.toString());
    }
}
