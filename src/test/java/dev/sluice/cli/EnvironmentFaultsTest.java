package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.TestPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a machine does to a verb is one line with the cause and what mends it, never an internal error. */
@Tag("process")
class EnvironmentFaultsTest {

    @TempDir
    Path folder;

    private record Ran(int code, String err) {}

    private static Ran sluice(String... args) {
        StringWriter err = new StringWriter();
        int code = Sluice.commandLine(Map.of(), new PrintWriter(new StringWriter()), new PrintWriter(err))
                .execute(args);
        assertFalse(err.toString().contains("internal error"), err.toString());
        return new Ran(code, err.toString());
    }

    @Test
    void aStoreThatRefusesVerifyIsADependency() throws Exception {
        String good = TestPostgres.freshDatabase();
        String wrongPassword = good.replaceFirst(":[^:@]+@", ":wrong@");
        String unreachable = good.replaceFirst("@[^/]+/", "@127.0.0.1:1/");
        Map<String, String> whyOf = Map.of(
                wrongPassword, "password authentication failed",
                unreachable, "Connection refused",
                good, "relation \"orders\" does not exist");
        String history = Files.writeString(
                        folder.resolve("run.history"), "S 1 lm-0000000001 01" + "6c".repeat(32) + " 1795847178520000\n")
                .toString();
        whyOf.forEach((uri, why) -> {
            Ran ran = sluice("verify", "--history", history, "--postgres-uri", uri);
            assertEquals(ExitCodes.DEPENDENCY_UNREACHABLE, ran.code, ran.err);
            assertTrue(ran.err.startsWith("sluice: cannot use the PostgreSQL at postgresql://sluice:***@"), ran.err);
            assertTrue(ran.err.contains(why), ran.err);
        });
    }

    @Test
    void aTakenPortIsFoundBeforeAnythingIsUnpacked() throws Exception {
        Path data = folder.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Ran ran = sluice("dev", "--data-dir", data.toString(), "--http-port", port, "--admin-port", "0");
            assertEquals(ExitCodes.FAILED, ran.code);
            assertTrue(ran.err.startsWith("sluice: http.port " + port + " is taken by another process"), ran.err);
        }
        try (Stream<Path> made = Files.list(data)) {
            assertEquals(List.of(data.resolve("sluice.lock")), made.toList());
        }
    }

    @Test
    void theReferenceAsItStandsDoesNotMoveTheData() throws Exception {
        String before = System.getProperty("sluice.home", "");
        System.setProperty("sluice.home", folder.toString());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertEquals(ExitCodes.FAILED, sluice("dev", "--config", "conf/sluice.yaml", "--http-port", port).code);
        } finally {
            System.setProperty("sluice.home", before);
        }
        assertTrue(Files.exists(folder.resolve("data/sluice.lock")));
    }

    @ParameterizedTest
    @CsvSource({
        "exec \"$@\" >/dev/full, 1, sluice: the result could not be written to stdout: no space left on device",
        "exec \"$@\" | head -c 1 >/dev/null; exit \"${PIPESTATUS[0]}\", 0, ''",
    })
    void aResultThatIsLostIsNoSuccessUnlessItsReaderHadEnough(String how, int code, String says) throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "needs /dev/full");
        Manner manner = new Manner(List.of("bash", "-c", how, "bash"), List.of(), Map.of());
        try (NodeProcess process = NodeProcess.run(folder, manner, "config", "schema")) {
            assertEquals(code, process.awaitExit(30), process.errors());
            assertEquals(says, process.errors().strip());
        }
    }

    /** The JVM lets a process have as many files as the hard limit allows. */
    @Test
    void tooFewFilesForTheConnectionsAreSaid() throws Exception {
        Manner few = new Manner(List.of("bash", "-c", "ulimit -n 512; exec \"$@\"", "bash"), List.of(), Map.of());
        try (ServerSocket node = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + node.getLocalPort();
            try (NodeProcess process =
                    NodeProcess.run(folder, few, "load", "http", "--url", url, "--connections", "700")) {
                assertEquals(ExitCodes.FAILED, process.awaitExit(30), process.errors());
                assertTrue(process.errors().contains("raise the limit of open files (ulimit -n)"), process.errors());
                assertFalse(process.errors().contains("\tat "), process.errors());
            }
        }
    }

    /** The bytes of a name in UTF-8, whatever the locale of the tests. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "config show --data-dir UMLAUTS",
                "config check --set data.dir=UMLAUTS",
                "config check --config UMLAUTS",
                "dev --data-dir UMLAUTS",
                "verify --postgres-uri postgresql://h/d --history UMLAUTS",
                "load http --url http://127.0.0.1:1 --report UMLAUTS",
                "order submit UMLAUTS",
            })
    void aNameThatTheLocaleCannotReadIsSaid(String verb) throws Exception {
        String spelled = "exec \"${@/UMLAUTS/$(printf 'gr\\303\\266\\303\\237e')}\"";
        Manner inC = new Manner(
                List.of("env", "-u", "LANG", "-u", "LC_CTYPE", "LC_ALL=C", "bash", "-c", spelled, "bash"),
                List.of(),
                Map.of());
        try (NodeProcess process = NodeProcess.run(folder, inC, verb.split(" ", -1))) {
            int code = process.awaitExit(30);
            assertTrue(code == ExitCodes.USAGE || code == ExitCodes.BAD_CONFIGURATION, code + process.errors());
            assertTrue(
                    process.errors()
                            .contains("is no path: Java reads names of files in the character set of the"
                                    + " locale (LC_ALL, LANG), here ANSI_X3.4-1968: set LC_ALL=C.UTF-8"),
                    process.errors());
        }
    }
}
