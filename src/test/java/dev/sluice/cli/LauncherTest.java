package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** scripts/sluice as the release archive has it, with a Java that only says how it was called. */
@Tag("process")
@Timeout(60)
class LauncherTest {

    @TempDir
    Path folder;

    /** Set by the script that runs the tests, so that no test waits for its lock. */
    private static final String BUILDING = "SLUICE_BUILDING";

    /** A process id that there is not: above what Linux gives. */
    private static final String NO_PROCESS = ".9999999";

    private static final Map<String, String> ARCHIVE = Map.of("SLUICE_CLASS_ARCHIVE", "on");
    private static final String MAKES = "-XX:ArchiveClassesAtExit=";
    private static final String USES = "-XX:SharedArchiveFile=";

    private Path launcher;

    @BeforeEach
    void unpack() throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        launcher = Files.copy(Path.of("scripts/sluice"), folder.resolve("bin/sluice"));
        Files.createFile(folder.resolve("sluice.jar"));
    }

    private String java(String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve("jdk-" + version));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(Files.createDirectories(home.resolve("lib/server")).resolve("classes.jsa"));
        return home.toString();
    }

    private record Ran(int code, String said) {}

    private Ran run(String javaHome, String... arguments) throws IOException, InterruptedException {
        return run(javaHome, Map.of(), arguments);
    }

    private Ran run(String javaHome, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeAll(List.of(BUILDING, "SLUICE_CLASS_ARCHIVE", "JAVA_TOOL_OPTIONS"));
        builder.environment().put("SLUICE_JAVA_OPTS", "-Dmine=1 -Xmx1g");
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", javaHome);
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), said.strip());
    }

    @Test
    void aNodeGetsTheFlagsOfANodeAndOursLast() throws Exception {
        Ran ran = run(java("17.0.15"), "serve", "--http-port", "1");
        assertEquals(0, ran.code, ran.said);
        assertTrue(ran.said.startsWith("-XX:+UseParallelGC "), ran.said);
        assertTrue(
                ran.said.endsWith("-Dmine=1 -Xmx1g -jar " + folder.resolve("sluice.jar") + " serve --http-port 1"),
                ran.said);
    }

    @Test
    void verbsThatEndAtOnceGetTheFlagsOfAShortRun() throws Exception {
        String java = java("25");
        for (String verb : List.of("version", "config", "completion", "help", "--version", "--help")) {
            String said = run(java, verb).said;
            assertTrue(said.startsWith("-XX:TieredStopAtLevel=1 -XX:+UseSerialGC "), said);
            assertFalse(said.contains("ParallelGC"), said);
        }
        assertTrue(run(java, "dev", "version").said.startsWith("-XX:+UseParallelGC"));
        assertTrue(run(java).said.startsWith("-XX:+UseParallelGC"));
    }

    /** The JVM says nothing of it; from JDK 25 on it has another name for that. */
    @ParameterizedTest
    @CsvSource({"17.0.15, cds*=off", "24.0.2, cds*=off", "25.0.3, 'cds*=off,aot*=off'"})
    void aNodeLeavesItsClassesToTheNextStart(String version, String quiet) throws Exception {
        String java = java(version);
        String first = run(java, ARCHIVE, "serve").said;
        assertTrue(first.contains(" -Xlog:" + quiet + " "), first);
        Path made = leave(fileOf(MAKES, first));
        String next = run(java, ARCHIVE, "dev").said;
        Path used = fileOf(USES, next);
        assertFalse(next.contains(MAKES), next);
        assertTrue(next.contains(" -Xlog:" + quiet + " "), next);
        assertTrue(Files.exists(used) && Files.notExists(made), next);
        assertEquals(used, fileOf(USES, run(java, ARCHIVE, "verify", "--history", "x").said));
        assertFalse(run(java, ARCHIVE, "version").said.contains(USES));

        Files.setLastModifiedTime(folder.resolve("sluice.jar"), FileTime.fromMillis(0));
        assertTrue(run(java, ARCHIVE, "serve").said.contains(" " + MAKES), "another jar");
        assertTrue(Files.notExists(used), "the one of the jar before");
    }

    /** What the JVM writes when a node ends: the mark of such a file, and names of classes. */
    private static Path leave(Path archive) throws Exception {
        return Files.write(archive, archived("\u0001\u0002\u0003\u0004"));
    }

    private static byte[] archived(String mark) throws Exception {
        String loadedLate = Class.forName("dev.sluice.store.postgres.InsertStatement$Inserted")
                .getName()
                .replace('.', '/');
        return (mark + "\0\0java/lang/Object\0\0" + loadedLate + "\0\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Path fileOf(String flag, String said) {
        Matcher named = Pattern.compile(" " + Pattern.quote(flag) + "(\\S+) ").matcher(said);
        assertTrue(named.find(), said);
        return Path.of(named.group(1));
    }

    @Test
    void eachJavaHasAnArchiveOfItsOwn() throws Exception {
        leave(fileOf(MAKES, run(java("17.0.15"), ARCHIVE, "serve").said));
        leave(fileOf(MAKES, run(java("25.0.3"), ARCHIVE, "serve").said));
        assertTrue(run(folder.resolve("jdk-17.0.15").toString(), ARCHIVE, "serve")
                .said
                .contains(" " + USES));
        assertTrue(run(folder.resolve("jdk-25.0.3").toString(), ARCHIVE, "serve")
                .said
                .contains(" " + USES));
    }

    @Test
    void classesAreNotKeptWhereNoneOfThemAreWantedOrWhatRunsIsNoNode() throws Exception {
        String java = java("17.0.15");
        assertFalse(
                run(java, Map.of("SLUICE_CLASS_ARCHIVE", "off"), "serve").said.contains("Archive"));
        assertFalse(run(java, "serve").said.contains("Archive"));
        assertFalse(run(java, ARCHIVE, "load", "http").said.contains("Archive"));
        Path own = folder.resolve("own");
        String said = run(java, Map.of("SLUICE_CLASS_ARCHIVE", own.toString()), "serve").said;
        assertTrue(fileOf(MAKES, said).toString().startsWith(own + "."), said);
        Path nowhere = folder.resolve("nowhere/file");
        assertFalse(run(java, Map.of("SLUICE_CLASS_ARCHIVE", nowhere.toString()), "serve")
                .said
                .contains("Archive"));
    }

    /** The JVM would warn of it, or not start. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-javaagent:x.jar",
                "-agentlib:jdwp=transport=dt_socket,server=y",
                "-Xshare:off",
                "-XX:SharedArchiveFile=mine",
                "-XX:ArchiveClassesAtExit=mine",
                "-XX:AOTCache=mine",
                "-XX:AOTMode=off"
            })
    void classesAreNotKeptBesideFlagsThatRuleItOut(String flag) throws Exception {
        String java = java("17.0.15");
        for (String variable : List.of("SLUICE_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
            String said = run(java, Map.of("SLUICE_CLASS_ARCHIVE", "on", variable, flag), "serve").said;
            assertFalse(said.contains("/classes-"), said);
        }
    }

    @Test
    void aJavaWithoutAnArchiveOfItsOwnKeepsNone() throws Exception {
        String java = java("17.0.15");
        Files.delete(Path.of(java, "lib/server/classes.jsa"));
        assertFalse(run(java, ARCHIVE, "serve").said.contains("Archive"));
    }

    /** A node that ends at this moment still writes its file; one that was killed, or failed early, left nothing of use. */
    @Test
    void onlyWhatIsWholeAndOfUseIsTaken() throws Exception {
        String java = java("17.0.15");
        String archive =
                fileOf(MAKES, run(java, ARCHIVE, "serve").said).toString().replaceAll("[.]\\d+$", "");
        Path beingWritten = Path.of(archive + "." + ProcessHandle.current().pid());
        Files.write(beingWritten, archived("\0\0\0\0"));
        Path killed = Files.write(Path.of(archive + NO_PROCESS), archived("\0\0\0\0"));
        Path empty = Files.createFile(Path.of(archive + NO_PROCESS + "1"));
        Path early = Files.writeString(Path.of(archive + NO_PROCESS + "2"), "mark java/lang/Object");
        assertFalse(run(java, ARCHIVE, "serve").said.contains(USES));
        assertTrue(Files.exists(beingWritten));
        assertFalse(Files.exists(killed) || Files.exists(empty) || Files.exists(early));
    }

    @Test
    void aStartDoesNotFailOverAnArchive() throws Exception {
        String java = java("17.0.15");
        leave(fileOf(MAKES, run(java, ARCHIVE, "serve").said));
        Path programs = Files.createDirectories(folder.resolve("programs"));
        for (String program : List.of("mv", "rm")) {
            Path file = Files.writeString(programs.resolve(program), "#!/bin/sh\necho broken >&2\nexit 1\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Ran ran = run(
                java, Map.of("SLUICE_CLASS_ARCHIVE", "on", "PATH", programs + ":" + System.getenv("PATH")), "serve");
        assertEquals(0, ran.code, ran.said);
        assertTrue(ran.said.startsWith("-XX:+UseParallelGC "), ran.said);
    }

    @Test
    void anOldJavaIsRefusedInWords() throws Exception {
        Ran ran = run(java("1.8.0_402"), "version");
        assertEquals(1, ran.code);
        assertTrue(ran.said.contains("is Java 8: set JAVA_HOME to a JDK 17 or newer"), ran.said);
        Ran none = run(folder.resolve("nothing").toString(), "version");
        assertTrue(none.said.contains("no Java found in JAVA_HOME"), none.said);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', C.UTF-8",
        "C, '', C.UTF-8",
        "'', POSIX, C.UTF-8",
        "de_DE.ISO-8859-1, '', de_DE.ISO-8859-1",
        "'', de_DE.UTF-8, de_DE.UTF-8",
        "de_DE.UTF-8, C, de_DE.UTF-8",
    })
    void ofALocaleJavaHearsTheCharacterSetAlone(String all, String lang, String expected) throws Exception {
        String home = java("17.0.15");
        Files.writeString(
                Path.of(home, "bin/java"), "#!/bin/sh\necho \"locale:$LC_ALL$LC_CTYPE$LANG, said in $LC_MESSAGES\"\n");
        Ran ran = run(home, Map.of("LC_ALL", all, "LANG", lang, "LC_CTYPE", ""), "serve");
        assertEquals(
                "locale:" + expected + ", said in C",
                ran.said.lines().reduce((first, last) -> last).orElse(""));
    }

    @Test
    void dataLieInTheProjectOrInAFolderOfTheUserThatAReleaseDoesNotReplace() throws Exception {
        String java = java("17.0.15");
        Path home = folder.resolve("home");
        assertDataIn(home.resolve(".local/state/sluice"), java, Map.of("HOME", home.toString(), "XDG_STATE_HOME", ""));
        assertDataIn(Path.of("/x/sluice"), java, Map.of("HOME", home.toString(), "XDG_STATE_HOME", "/x"));
        assertDataIn(folder, java, Map.of("HOME", "", "XDG_STATE_HOME", ""));
        Files.createDirectory(folder.resolve("data")); // kept there by an earlier release
        assertDataIn(folder, java, Map.of("HOME", home.toString(), "XDG_STATE_HOME", ""));
    }

    private void assertDataIn(Path expected, String java, Map<String, String> environment) throws Exception {
        String said = run(java, environment, "dev").said;
        assertTrue(said.contains(" -Dsluice.home=" + expected + " "), said);
    }

    /** Makes the folder a project, whose Maven is this script. */
    private Map<String, String> project(String maven) throws IOException {
        Files.delete(folder.resolve("sluice.jar"));
        Files.move(folder.resolve("bin"), folder.resolve("scripts"));
        launcher = folder.resolve("scripts/sluice");
        Files.createFile(folder.resolve("pom.xml"));
        Files.createDirectories(folder.resolve("src/main"));
        Files.createDirectories(folder.resolve(".mvn"));
        Path programs = Files.createDirectories(folder.resolve("programs"));
        for (String program : List.of("mvn", "javac")) {
            Path file = Files.writeString(programs.resolve(program), "#!/bin/bash\n" + maven + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return Map.of("PATH", programs + ":" + System.getenv("PATH"));
    }

    @Test
    void aBuildSaysNoEscapeCodes() throws Exception {
        Map<String, String> path =
                project("printf '\\033[0mWARNING\\033[1;31m odd\\033[m\\n'; touch target/sluice.jar");
        Ran ran = run(java("17.0.15"), path, "version");
        assertEquals(0, ran.code, ran.said);
        assertTrue(ran.said.contains("building target/sluice.jar") && ran.said.contains("\nWARNING odd\n"), ran.said);
        assertFalse(ran.said.contains("\033"), ran.said);
    }

    @Test
    void aBuildThatFailsSaysWhyAndEnds() throws Exception {
        Ran ran = run(java("17.0.15"), project("echo why it failed; exit 3"), "version");
        assertEquals(1, ran.code, ran.said);
        assertTrue(ran.said.endsWith("why it failed\nsluice: the build failed; see above"), ran.said);
    }

    @Test
    void aLongBuildShowsThatItLivesAndASignalEndsItWhole() throws Exception {
        Map<String, String> path = project("echo $$ > maven.pid; exec sleep 1000");
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder("bash", launcher.toString(), "version")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().remove(BUILDING);
        builder.environment().putAll(path);
        builder.environment().put("JAVA_HOME", java("17.0.15"));
        Process process = builder.start();
        Await.state("a sign of life", () -> Files.readString(out).contains("sluice: still building, 1"));
        long maven =
                Long.parseLong(Files.readString(folder.resolve("maven.pid")).strip());
        process.destroy();
        assertEquals(143, process.waitFor());
        Await.state("the end of Maven", () -> ProcessHandle.of(maven).isEmpty());
    }
}
