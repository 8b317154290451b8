package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.ConfigException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ErrorsTest {

    @Command(name = "probe")
    private record Probe(Exception thrown) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw thrown;
        }
    }

    private final StringWriter err = new StringWriter();

    private int run(Exception thrown) {
        return new CommandLine(new Probe(thrown))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(new Errors())
                .execute();
    }

    @Test
    void whatAUserCanMendIsOneLine() {
        assertEquals(99, run(new CliException(ExitCodes.THRESHOLD_MISSED, "p99 25 ms is above 20 ms")));
        assertEquals("sluice: p99 25 ms is above 20 ms\n", err.toString());
    }

    @Test
    void eachKindHasItsCode() {
        assertEquals(3, run(new ConfigException("x")));
        assertEquals(4, run(new ConnectException("Connection refused: db:5432")));
        assertEquals(4, run(new UnknownHostException("db")));
        assertEquals(1, run(new BindException("http.port 80 is taken by another process")));
        assertTrue(!err.toString().contains("\tat "), err.toString());
        assertTrue(
                err.toString().contains("no such host: db\nsluice: http.port 80 is taken by another process\n"),
                err.toString());
    }

    @Test
    void aWrapperIsLookedThrough() {
        Exception inner = new CliException(ExitCodes.DEPENDENCY_UNREACHABLE, "PostgreSQL at db:5432 does not answer");
        assertEquals(4, run(new CompletionException(new ExecutionException(inner))));
        assertEquals("sluice: PostgreSQL at db:5432 does not answer\n", err.toString());
    }

    @Test
    void aDefectShowsItsTrace() {
        assertEquals(1, run(new NullPointerException("oops")));
        assertTrue(err.toString().startsWith("sluice: internal error, please report"), err.toString());
        assertTrue(err.toString().contains("\tat dev.sluice.cli.ErrorsTest"), err.toString());
    }
}
