package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritableFileTest {

    @TempDir
    Path folder;

    @Test
    void whatCannotBeWrittenIsNamedWithItsOption() {
        CliException thrown = assertThrows(CliException.class, () -> WritableFile.write("--report", folder, "text"));
        assertEquals(ExitCodes.FAILED, thrown.exitCode());
        assertEquals("--report " + folder + " cannot be written: is a directory", thrown.getMessage());
    }

    @Test
    void oneFileUnderTwoNamesIsOne() {
        Path file = folder.resolve("f");
        Path again = folder.resolve("x/../f");
        assertThrows(CliException.class, () -> WritableFile.requireAnother("--out", file, "--report", again));
        assertDoesNotThrow(() -> WritableFile.requireAnother("--out", file, "--report", folder.resolve("g")));
        assertDoesNotThrow(() -> WritableFile.requireAnother("--out", file, "--report", null));
    }
}
