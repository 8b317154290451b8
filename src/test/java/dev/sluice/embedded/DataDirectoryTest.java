package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class DataDirectoryTest {

    @TempDir
    Path temp;

    @Test
    void createsFoldersForTheOwnerAlone() throws Exception {
        Path folder = temp.resolve("a/b");
        try (DataDirectory directory = DataDirectory.open(folder)) {
            assertEquals(folder.toRealPath(), directory.path());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        }
    }

    @Test
    void refusesAnotherProcessInOneLineThatNamesTheHolder() throws Exception {
        try (DataDirectory directory = DataDirectory.open(temp);
                ChildJvm second = ChildJvm.start("lock", temp)) {
            assertEquals(
                    "data directory " + directory.path() + " is in use by process "
                            + ProcessHandle.current().pid()
                            + ": stop that one, or choose another with --data-dir",
                    second.line());
        }
    }

    @Test
    void aKillReleasesIt() throws Exception {
        try (ChildJvm holder = ChildJvm.start("lock", temp)) {
            assertEquals("locked", holder.line());
            assertThrows(BundledServerException.class, () -> DataDirectory.open(temp));
            holder.kill();
            DataDirectory.open(temp).close();
        }
    }

    @Test
    void aRefusedSecondTryInThisProcessDoesNotLoseTheLock() throws Exception {
        try (DataDirectory directory = DataDirectory.open(temp)) {
            assertThrows(
                    BundledServerException.class, () -> DataDirectory.open(temp.resolve("../" + temp.getFileName())));
            try (ChildJvm second = ChildJvm.start("lock", directory.path())) {
                assertTrue(second.line().contains("in use"));
            }
        }
        DataDirectory.open(temp).close();
    }

    @Test
    void saysWhatIsWrongWithAFolderThatCannotBe() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        var refused = assertThrows(BundledServerException.class, () -> DataDirectory.open(file.resolve("data")));
        assertTrue(refused.getMessage().startsWith("cannot use data directory " + file.resolve("data")));
        assertTrue(refused.getMessage().contains("--data-dir"));
    }
}
