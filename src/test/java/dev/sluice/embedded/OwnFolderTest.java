package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.rig.Commands;
import dev.sluice.rig.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others could reach is refused before anything is written, with what mends it. */
@Tag("process")
class OwnFolderTest {

    private static final int NOBODY = 65_534;

    @TempDir
    Path temp;

    private static String refusal(Path folder) {
        return assertThrows(BundledServerException.class, () -> OwnFolder.of(folder))
                .getMessage();
    }

    private static Path mode(Path path, int mode) throws Exception {
        Files.setAttribute(path, "unix:mode", mode);
        return path;
    }

    @Test
    void aNewFolderIsForItsOwnerAlone() throws Exception {
        Path folder = OwnFolder.of(temp.resolve("a/b"));
        assertEquals(temp.toRealPath().resolve("a/b"), folder);
        for (Path made : new Path[] {folder, temp.resolve("a")}) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        }
    }

    @ParameterizedTest
    @CsvSource({"0777", "0770", "0720", "0702", "01777", "02775"})
    void aFolderThatOthersMayWriteIsRefused(String mode) throws Exception {
        Path folder = mode(Files.createDirectory(temp.resolve("data")), Integer.parseInt(mode, 8));
        String message = refusal(folder);
        assertTrue(message.contains("can be written by others (mode " + mode.replaceFirst("^0", "") + ")"), message);
        assertTrue(message.contains("`chmod -R go-w " + folder + "`"), message);
        assertIsEmpty(folder);
        Commands.run("chmod", "-R", "go-w", folder.toString());
        OwnFolder.of(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwx------", "rwxr-x---", "rwxr-xr-x"})
    void aFolderThatOthersMayOnlyReadIsTaken(String mode) throws Exception {
        Path folder = Files.createDirectory(temp.resolve("data"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
        assertEquals(folder.toRealPath(), OwnFolder.of(folder));
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws Exception {
        assumeTrue(Privileges.userId() == 0, "only root can give a folder away");
        Path folder = Files.createDirectory(temp.resolve("data"));
        Files.setAttribute(folder, "unix:uid", NOBODY);
        assertEquals(
                folder + " belongs to user id " + NOBODY + ", this is user id 0: run as that user, or `chown -R 0 "
                        + folder + "`, or choose another folder with --data-dir",
                refusal(folder));
        assertIsEmpty(folder);
    }

    @Test
    void aSymbolicLinkIsRefusedAndItsTargetNamed() throws Exception {
        Path target = Files.createDirectory(temp.resolve("target"));
        Path link = Files.createSymbolicLink(temp.resolve("data"), target);
        String message = refusal(link);
        assertTrue(message.startsWith(link + " is a symbolic link to " + target + ": name the folder itself"), message);
        assertIsEmpty(target);
        Path dangling = Files.createSymbolicLink(temp.resolve("dangling"), temp.resolve("nothing"));
        assertTrue(refusal(dangling).contains("symbolic link"));
        assertFalse(Files.exists(temp.resolve("nothing")));
    }

    @ParameterizedTest
    @CsvSource({"0777,data", "0757,data", "0777,a/b/data"})
    void aFolderThatOthersCouldReplaceIsRefused(String mode, String below) throws Exception {
        Path parent = mode(Files.createDirectory(temp.resolve("parent")), Integer.parseInt(mode, 8));
        String message = refusal(parent.resolve(below));
        assertTrue(message.contains("lies in " + parent.toRealPath() + ", where every user could"), message);
        assertTrue(message.contains("`chmod o-w " + parent.toRealPath() + "`"), message);
        assertIsEmpty(parent);
    }

    @Test
    void theWayThroughALinkIsCheckedWhereItLeads() throws Exception {
        Path parent = mode(Files.createDirectory(temp.resolve("parent")), 0777);
        Path link = Files.createSymbolicLink(temp.resolve("link"), parent);
        assertTrue(refusal(link.resolve("data")).contains("lies in " + parent.toRealPath()));
    }

    @Test
    void aStickyParentProtects() throws Exception {
        Path parent = mode(Files.createDirectory(temp.resolve("parent")), 01777);
        assertEquals(parent.toRealPath().resolve("data"), OwnFolder.of(parent.resolve("data")));
    }

    /** Between the double quotes of pg_ctl it would be another name, or a command. */
    @ParameterizedTest
    @ValueSource(strings = {"a$b", "$(id)", "`id`", "a\"b", "a\\b", "a\nb", "$x/data"})
    void aNameThatAShellWouldReadOtherwiseIsRefused(String name) throws Exception {
        assertTrue(refusal(temp.resolve(name)).contains("which PostgreSQL's pg_ctl gives to a shell"));
        assertTrue(DataDirectory.trouble(temp.resolve(name)).isPresent());
        assertIsEmpty(temp);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a'b", "a#b;c&d", "a%b*c?", "(a)<b>|c!", "gr\u00f6\u00dfe"})
    void anyOtherNameIsTaken(String name) throws Exception {
        assumeTrue(System.getProperty("sun.jnu.encoding").equals("UTF-8")
                || name.chars().allMatch(c -> c < 0x7F));
        OwnFolder.of(temp.resolve(name));
    }

    @Test
    void aFileIsNoFolder() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        assertTrue(refusal(file).contains(file + " is a file: name a folder"));
        assertTrue(refusal(file.resolve("data")).contains("would lie in " + file + ", which is a file"));
    }

    @Test
    void aReadOnlyParentIsNamedWithItsCause() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(1_024)) {
            disk.readOnly();
            Path folder = disk.folder().resolve("data");
            assertEquals(
                    "cannot use " + folder + ": read-only file system (user id " + Privileges.userId()
                            + "): name a folder that this user can write with --data-dir",
                    refusal(folder));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bin/postgres", "bin"})
    void programsThatOthersMayChangeAreNotRun(String path) throws Exception {
        Path programs = temp.resolve("binaries-1");
        Path program = Files.createDirectories(programs.resolve("bin")).resolve("postgres");
        Files.createFile(program);
        OwnFolder.requireOwnPrograms(programs);
        mode(programs.resolve(path), 0777);
        String message = assertThrows(BundledServerException.class, () -> OwnFolder.requireOwnPrograms(programs))
                .getMessage();
        assertTrue(message.contains(path + " is run and can be written by others: `rm -r " + programs), message);
    }

    @Test
    void programsOfAnotherUserAreNotRun() throws Exception {
        assumeTrue(Privileges.userId() == 0, "only root can give a file away");
        Path programs = Files.createDirectory(temp.resolve("binaries-1"));
        Files.setAttribute(Files.createFile(programs.resolve("redis-server")), "unix:uid", NOBODY);
        assertThrows(BundledServerException.class, () -> OwnFolder.requireOwnPrograms(programs));
    }

    private static void assertIsEmpty(Path folder) throws Exception {
        try (Stream<Path> inside = Files.list(folder)) {
            assertEquals(0, inside.count());
        }
    }
}
