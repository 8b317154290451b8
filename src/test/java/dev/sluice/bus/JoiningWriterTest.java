package dev.sluice.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A writer of another node gets orders with its first announcement. */
class JoiningWriterTest {

    private static final long HEARD_NANOS = 1_000;

    @Test
    void itIsTakenAsSoonAsItIsHeard() {
        WriterDirectory directory = new WriterDirectory();
        long heardNanos = System.nanoTime() - HEARD_NANOS; // it takes a moment from there to the directory
        directory.heard("other", List.of(new WriterNotice("writer", false)), heardNanos);
        Writer chosen = new WriterChoice(directory, 1, 1_000).next(1, System.nanoTime());
        assertNotNull(chosen);
        assertEquals("writer", chosen.address());
    }
}
