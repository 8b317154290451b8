package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class ExternalCommandTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private ExternalCommand commands;

    @BeforeEach
    void commandsInTemp() {
        commands = new ExternalCommand(temp);
    }

    @Test
    void feedsAndCaptures() {
        var result = commands.tryRun("repeating", List.of("cat"), "hello", LIMIT);
        assertEquals(new ExternalCommand.Result(0, "hello"), result);
    }

    @Test
    void aFailureCarriesPurposeCommandAndWhatWasSaid() {
        List<String> command = List.of("sh", "-c", "echo to output; echo to error >&2; exit 3");
        String message = assertThrows(BundledServerException.class, () -> commands.run("trying", command, "", LIMIT))
                .getMessage();
        assertTrue(message.startsWith("trying failed: `sh -c "), message);
        assertTrue(message.endsWith("ended with 3\nto output\nto error"), message);
    }

    @Test
    void whatTakesTooLongIsEnded() {
        List<String> command = List.of("sh", "-c", "echo $$; exec sleep 60");
        String message = assertThrows(
                        BundledServerException.class,
                        () -> commands.run("sleeping", command, "", Duration.ofSeconds(1)))
                .getMessage();
        assertTrue(message.startsWith("sleeping took longer than 1 s and was given up"), message);
        long pid = Long.parseLong(message.substring(message.indexOf('\n') + 1));
        ProcessHandle.of(pid)
                .ifPresent(process -> process.onExit()
                        .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .join());
    }

    @Test
    void theEnvironmentCannotChangeWhatPostgresDoes() {
        String environment =
                commands.tryRun("listing", List.of("env"), "", LIMIT).output();
        assertTrue(environment.lines().noneMatch(line -> line.startsWith("PG")), environment);
        assertTrue(environment.contains("LC_ALL=C"), environment);
    }
}
