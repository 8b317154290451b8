package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** scripts/sluice as the release archive has it, with a Java that only says how it was called. */
@Tag("process")
@Timeout(60)
class LauncherTest {

    @TempDir
    Path folder;

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
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", javaHome);
        builder.environment().put("SLUICE_JAVA_OPTS", "-Dmine=1 -Xmx1g");
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
        "'', de_DE.UTF-8, ''",
    })
    void withoutALocaleJavaReadsNamesOfFilesAsUtf8(String all, String lang, String expected) throws Exception {
        String home = java("17.0.15");
        Files.writeString(Path.of(home, "bin/java"), "#!/bin/sh\necho \"locale:$LC_ALL\"\n");
        Ran ran = run(home, Map.of("LC_ALL", all, "LANG", lang, "LC_CTYPE", ""), "serve");
        assertEquals(
                "locale:" + expected,
                ran.said.lines().reduce((first, last) -> last).orElse(""));
    }
}
