package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Commands;
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
    void aLockThatIsALinkIsRefusedAndItsTargetKept() throws Exception {
        Path target = Files.writeString(temp.resolve("precious"), "kept");
        Path folder = OwnFolder.of(temp.resolve("data"));
        Path lock = Files.createSymbolicLink(folder.resolve("sluice.lock"), target);

        var refused = assertThrows(BundledServerException.class, () -> DataDirectory.open(folder));

        assertEquals(
                lock + " is a symbolic link to " + target + ": `rm " + lock
                        + "`, or choose another folder with --data-dir",
                refused.getMessage());
        assertEquals("kept", Files.readString(target));
        Files.delete(lock);
        DataDirectory.open(folder).close();
    }

    @Test
    void aLockThatIsAFolderOrAPipeIsRefusedAtOnce() throws Exception {
        Path lock = Files.createDirectory(temp.resolve("sluice.lock"));
        assertThrows(BundledServerException.class, () -> DataDirectory.open(temp));
        Files.delete(lock);
        Commands.run("mkfifo", lock.toString());
        assertThrows(BundledServerException.class, () -> DataDirectory.open(temp));
    }
}
